using System.CommandLine;
using Xeno.Portal.Lifecycle;

namespace Xeno.Portal.Commands;

/// <summary>What an operator can have the program do instead of serving. Each says what it did; what it refuses, it says in one sentence.</summary>
public static class OperatorCommands
{
    /// <summary>Runs the command that <paramref name="args"/> begin with, and gives the exit code; null when they are meant for the host.</summary>
    public static int? Run(string[] args)
    {
        var root = new RootCommand("Xeno.Portal, an OAuth 2.0 authorization server and developer portal. Without a command it serves. Settings are written as --Section:Key=value.")
        {
            MigrateCommand.Make(), BackupCommand.Make(), MoveDatabaseCommand.Make(),
        };
        if (args is not [var first, ..] || !(IsHelp(first) || root.Subcommands.Any(command => command.Name == first)))
            return null;

        // What is no option of the command is a setting, as it is for the host.
        foreach (var command in root.Subcommands)
            command.TreatUnmatchedTokensAsErrors = false;
        var parsed = root.Parse(args);
        if (Mistake(parsed) is { } mistake)
        {
            Console.Error.WriteLine($"{mistake} See: dotnet Xeno.Portal.dll {first} --help");
            return 1;
        }

        // The library's own handler would print a failure as a stack trace before anybody could explain it.
        try
        {
            return HostSettings.RunOrExplain(() => parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false }).GetAwaiter().GetResult());
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("Stopped before its end. Run the command again: what it had begun it does anew, or goes on with.");
            return 1;
        }
    }

    private static string? Mistake(ParseResult parsed)
        => parsed.Errors is [var error, ..] ? error.Message
            : parsed.UnmatchedTokens.FirstOrDefault(token => !IsSetting(token)) is { } stranger ? $"'{stranger}' means nothing here; a setting is written as --Section:Key=value."
            : null;

    private static bool IsSetting(string token) => token.StartsWith("--", StringComparison.Ordinal) && token.Split('=')[0].Contains(':', StringComparison.Ordinal) && token.Contains('=', StringComparison.Ordinal);

    private static bool IsHelp(string argument) => argument is "--help" or "-h" or "-?";
}
