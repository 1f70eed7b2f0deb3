namespace Xeno.Portal.Data.Statements;

/// <summary>Writes when rows were last used.</summary>
internal static class NotedTimes
{
    /// <summary>Runs <paramref name="note"/> for each row, in one transaction: <c>$1</c> is its id, <c>$2</c> the time.</summary>
    public static Task NoteTimesAsync(
        this IStatements statements, Statement note, IReadOnlyCollection<(string Id, DateTimeOffset At)> times)
        => statements.CommitAsync(async transaction =>
        {
            foreach (var (id, at) in times)
                await transaction.ExecuteAsync(note, id, at);
            return times.Count;
        });
}
