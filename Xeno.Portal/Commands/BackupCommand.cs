using System.CommandLine;
using Xeno.Portal.Data;

namespace Xeno.Portal.Commands;

/// <summary><c>backup --to FILE</c>: a copy of the embedded database that can be started on, made while the portal serves.</summary>
internal static class BackupCommand
{
    public static Command Make()
    {
        var to = new Option<string>("--to") { Description = "The file to write; it must not be there yet.", HelpName = "FILE", Required = true };
        var command = new Command("backup", "Writes a checked copy of the SQLite database to a file, while the portal may go on serving.") { to };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, parsed.GetRequiredValue(to), cancellationToken));
        return command;
    }

    private static async Task RunAsync(ParseResult parsed, string file, CancellationToken cancellationToken)
    {
        await using var services = CommandServices.Build(parsed);
        var bytes = await services.Services.GetRequiredService<DatabaseBackup>().WriteAsync(file, cancellationToken);
        Console.WriteLine($"The backup is in {Path.GetFullPath(file)}: {Math.Ceiling(bytes / 1024.0)} KiB, checked and on disk. It holds the portal's keys: keep it as you keep secrets.");
    }
}
