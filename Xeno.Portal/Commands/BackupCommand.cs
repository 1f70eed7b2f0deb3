using System.CommandLine;
using Xeno.Portal.Data;

namespace Xeno.Portal.Commands;

/// <summary><c>backup --to FILE</c>: a copy of the SQLite database, written while the portal may go on serving.</summary>
internal static class BackupCommand
{
    public static Command Make()
    {
        var to = new Option<string>("--to")
        {
            Description = "The file to write; it must not exist.", HelpName = "FILE", Required = true,
        };
        var command = new Command("backup", "Writes a checked copy of the SQLite database to a file. The portal may go on serving.") { to };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, parsed.GetRequiredValue(to), cancellationToken));
        return command;
    }

    private static async Task RunAsync(ParseResult parsed, string file, CancellationToken cancellationToken)
    {
        await using var services = CommandServices.Build(parsed);
        var bytes = await services.Services.GetRequiredService<DatabaseBackup>().WriteAsync(file, cancellationToken);
        Console.WriteLine(
            $"The backup is in {Path.GetFullPath(file)}: {Math.Ceiling(bytes / 1024.0)} KiB, checked and on disk. "
            + "It contains the portal's keys: keep it as you keep secrets.");
    }
}
