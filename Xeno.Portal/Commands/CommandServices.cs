using System.CommandLine;
using Xeno.Portal.Data;
using Xeno.Portal.Lifecycle;

namespace Xeno.Portal.Commands;

/// <summary>The services of the commands: the database of the portal's settings, without a server.</summary>
internal static class CommandServices
{
    /// <summary>Builds them from the portal's settings; settings on the command line win.</summary>
    public static WebApplication Build(ParseResult parsed)
    {
        var options = new WebApplicationOptions { Args = [.. parsed.UnmatchedTokens], ContentRootPath = AppContext.BaseDirectory };
        var builder = WebApplication.CreateBuilder(options).UseTopLevelSettings();
        builder.Logging.ClearProviders(); // Only the command's own output is shown.
        builder.AddData();
        return builder.Build();
    }
}
