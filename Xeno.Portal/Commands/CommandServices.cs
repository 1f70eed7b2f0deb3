using System.CommandLine;
using Xeno.Portal.Data;
using Xeno.Portal.Lifecycle;

namespace Xeno.Portal.Commands;

/// <summary>What the commands work with: the database that the portal would start on, by the same settings, and no server.</summary>
internal static class CommandServices
{
    /// <summary>The services, by the settings in force and, over them, those of the command line.</summary>
    public static WebApplication Build(ParseResult parsed)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = [.. parsed.UnmatchedTokens], ContentRootPath = AppContext.BaseDirectory })
            .UseTopLevelSettings();
        builder.Logging.ClearProviders(); // The command speaks for itself.
        builder.AddData();
        return builder.Build();
    }
}
