using System.Globalization;
using Spectre.Console;
using Xeno.Portal.Data.Moving;

namespace Xeno.Portal.Commands;

/// <summary>Shows the progress of a move: bars on a terminal, otherwise a line for each table.</summary>
internal static class MoveProgressDisplay
{
    public static Task ShowAsync(Func<Action<MoveStep>, Task> move)
        => Console.IsOutputRedirected ? move(WriteLine)
            : AnsiConsole.Progress()
                .Columns(
                    new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(),
                    new RemainingTimeColumn(), new SpinnerColumn())
                .StartAsync(async progress =>
                {
                    var bars = new Dictionary<string, ProgressTask>(StringComparer.Ordinal);
                    await move(step => Draw(progress, bars, step));
                });

    private static void WriteLine(MoveStep step)
    {
        if (step.Stage is MoveStage.Verified || step.Rows == step.Of)
            Console.WriteLine(Sentence(step));
    }

    private static void Draw(ProgressContext progress, Dictionary<string, ProgressTask> bars, MoveStep step)
    {
        if (!bars.TryGetValue(step.Table, out var bar))
            bars.Add(step.Table, bar = progress.AddTask(step.Table, maxValue: Math.Max(step.Of, 1)));
        bar.Description = Sentence(step).EscapeMarkup();
        bar.Value = step.Of == 0 ? 1 : step.Rows;
    }

    private static string Sentence(MoveStep step) => step.Stage is MoveStage.Verified
        ? string.Create(CultureInfo.InvariantCulture, $"{step.Table}: {step.Of:N0} rows verified, checksum {step.Checksum}")
        : string.Create(CultureInfo.InvariantCulture, $"{step.Table}: {step.Rows:N0} of {step.Of:N0} rows copied");
}
