using System.CommandLine;
using Xeno.Portal.Lifecycle;

namespace Xeno.Portal.Commands;

/// <summary>The operator's commands. Each prints what it did; a failure is one sentence on standard error.</summary>
public static class OperatorCommands
{
    /// <summary>Runs the command at the start of <paramref name="args"/> and returns the exit code; null: start the host instead.</summary>
    public static int? Run(string[] args)
    {
        var root = new RootCommand(
            "Xeno.Portal, an OAuth 2.0 authorization server and developer portal. Without a command it serves. "
            + "Settings are written as --Section:Key=value.")
        {
            MigrateCommand.Make(), BackupCommand.Make(), MoveDatabaseCommand.Make(),
        };
        if (args is not [var first, ..] || !(IsHelp(first) || root.Subcommands.Any(command => command.Name == first)))
            return null;

        // Arguments that are not options of the command are settings, as they are for the host.
        foreach (var command in root.Subcommands)
            command.TreatUnmatchedTokensAsErrors = false;
        var parsed = root.Parse(args);
        if (Mistake(parsed) is { } mistake)
        {
            Console.Error.WriteLine($"{mistake} See: dotnet Xeno.Portal.dll {first} --help");
            return 1;
        }

        // Without the library's exception handler, which prints stack traces: RunOrExplain prints one sentence instead.
        var withoutHandler = new InvocationConfiguration { EnableDefaultExceptionHandler = false };
        try
        {
            return HostSettings.RunOrExplain(() => parsed.InvokeAsync(withoutHandler).GetAwaiter().GetResult());
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("Stopped before the end. Run the command again: it starts again, or continues where it stopped.");
            return 1;
        }
    }

    private static string? Mistake(ParseResult parsed)
        => parsed.Errors is [var error, ..] ? error.Message
            : parsed.UnmatchedTokens.FirstOrDefault(token => !IsSetting(token)) is { } unknown
                ? $"'{unknown}' is not known; a setting is written as --Section:Key=value."
                : null;

    private static bool IsSetting(string token)
        => token.StartsWith("--", StringComparison.Ordinal) && token.Split('=', 2) is [var key, _]
            && key.Contains(':', StringComparison.Ordinal);

    private static bool IsHelp(string argument) => argument is "--help" or "-h" or "-?";
}
