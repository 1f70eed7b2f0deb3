namespace Xeno.Portal.Data.Guesses;

/// <summary>How many wrong passwords or secrets somebody has sent lately; one row for each of them, gone when its time is over.</summary>
public sealed class GuessCount
{
    /// <summary>What was guessed and who guessed, in <c>GuessLedger</c>'s words.</summary>
    public required string Key { get; set; }

    public int Count { get; set; }

    /// <summary>When counting starts anew (UTC).</summary>
    public DateTimeOffset EndsAt { get; set; }
}
