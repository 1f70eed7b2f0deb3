using System.CommandLine;
using Xeno.Portal.Data.Moving;

namespace Xeno.Portal.Commands;

/// <summary><c>move-database --to CONNECTION</c>: moves everything from SQLite to PostgreSQL, which several nodes can share.</summary>
internal static class MoveDatabaseCommand
{
    public static Command Make()
    {
        var to = new Option<string>("--to")
        {
            Description = "The target, for example \"Host=db;Username=xeno;Password=...;Database=xeno\"; the database must be empty.",
            HelpName = "CONNECTION",
            Required = true,
        };
        var command = new Command("move-database",
            "Moves everything from the SQLite database to PostgreSQL and verifies it. Continues where an earlier run was stopped.") { to };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, parsed.GetRequiredValue(to), cancellationToken));
        return command;
    }

    private static async Task RunAsync(ParseResult parsed, string to, CancellationToken cancellationToken)
    {
        await using var services = CommandServices.Build(parsed);
        var move = services.Services.GetRequiredService<DatabaseMove>();
        await MoveProgressDisplay.ShowAsync(report => move.RunAsync(to, report, cancellationToken));

        Console.WriteLine("""
            Done: every table has the same rows on both sides. Start the portal with these two settings:
              Database:Provider=PostgreSql
              Database:ConnectionString=(the value of --to)
            The SQLite database takes no more writes. Keep it until you have a backup of the new one.
            """);
    }
}
