using System.CommandLine;
using Xeno.Portal.Data;

namespace Xeno.Portal.Commands;

/// <summary><c>migrate</c>: applies pending migrations, for operators who set <c>Database:MigrateOnStart</c> to false.</summary>
internal static class MigrateCommand
{
    public static Command Make()
    {
        var command = new Command("migrate", "Brings the database of the settings to this version's model.");
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        await using var services = CommandServices.Build(parsed);
        var applied = await services.Services.GetRequiredService<DatabaseMigrations>().ApplyAsync(cancellationToken);
        Console.WriteLine(applied.Count == 0
            ? "The database is at this version's model already: there was nothing to do."
            : $"The database is at this version's model now. Applied: {string.Join(", ", applied)}.");
    }
}
