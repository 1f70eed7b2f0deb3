using System.CommandLine;
using Xeno.Portal.Data;

namespace Xeno.Portal.Commands;

/// <summary><c>migrate</c>: brings the database to the model of this build, for operators who do not want a start to do it.</summary>
internal static class MigrateCommand
{
    public static Command Make()
    {
        var command = new Command("migrate", "Brings the database of the settings to this version's model, and ends.");
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
