namespace Xeno.Portal.Data.Guesses;

/// <summary>A running count of wrong passwords or Client Secrets; one row for each key, removed when its time is over.</summary>
public sealed class GuessCount
{
    /// <summary>What was guessed, and from where; built by <c>Limits/WrongGuesses</c>.</summary>
    public required string Key { get; set; }

    public int Count { get; set; }

    /// <summary>When this count ends and the next one starts (UTC).</summary>
    public DateTimeOffset EndsAt { get; set; }
}
