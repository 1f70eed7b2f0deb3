using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Xeno.Portal.Data.Guesses;
using Xeno.Portal.Data.History;

namespace Xeno.Portal.Limits;

/// <summary>What is guessed at, and by whom. Made by the folder that checks the password or the secret.</summary>
/// <param name="Key">Names both; the same text on every node.</param>
/// <param name="Most">After so many wrong guesses further ones are refused without a look.</param>
/// <param name="Within">How long wrong guesses are counted, from the first one on.</param>
/// <param name="IsLockout">Counted even while <c>RateLimits:Enabled</c> is false.</param>
public readonly record struct Guess(string Key, int Most, TimeSpan Within, bool IsLockout = false)
{
    /// <summary>How long wrong guesses count where no setting says otherwise.</summary>
    public static readonly TimeSpan FiveMinutes = TimeSpan.FromMinutes(5);
}

/// <summary>
/// Stops guessing at passwords and secrets. Only wrong guesses stay counted. All nodes count together, in the database: a caller that one
/// node refuses is refused by the others too.
/// </summary>
public sealed class WrongGuesses(GuessLedger ledger, IOptions<RateLimitOptions> options, TimeProvider time)
{
    private const int MostRemembered = 10_000;

    // Local cache: which key has to wait until when. The database decides. Cleared at 10,000 entries.
    private readonly ConcurrentDictionary<string, DateTimeOffset> _waiting = new(StringComparer.Ordinal);

    /// <summary>How long to wait before the next guess; null: go on. Asks the database.</summary>
    public async ValueTask<TimeSpan?> WaitAsync(Guess guess)
    {
        if (!IsCounted(guess))
            return null;
        var now = time.GetUtcNow();
        return await ledger.FindAsync(guess.Key, now) is { } running && running.Count >= guess.Most ? Until(running.EndsAt, now) : null;
    }

    /// <summary>
    /// The same from memory, for requests that are too many for a question to the database each. This node learns another node's count with
    /// the next wrong guess, so each further node checks one guess more.
    /// </summary>
    public TimeSpan? KnownWait(Guess guess)
    {
        if (_waiting.IsEmpty || !_waiting.TryGetValue(guess.Key, out var end))
            return null;

        var now = time.GetUtcNow();
        if (end > now)
            return Until(end, now);
        _waiting.TryRemove(KeyValuePair.Create(guess.Key, end));
        return null;
    }

    /// <summary>Counts a wrong guess.</summary>
    public Task CountAsync(Guess guess) => BeginAsync(guess);

    /// <summary>
    /// Counts a guess before it is compared, so that of many at the same time no more are compared than the limit allows. Afterwards a
    /// right one is taken back, or forgotten with all others.
    /// </summary>
    public Task<Counted> BeginAsync(Guess guess) => BeginAsync([guess]);

    /// <summary>The same for several counts at once; over when one of them is.</summary>
    public async Task<Counted> BeginAsync(IReadOnlyList<Guess> guesses)
    {
        var counted = guesses.Where(IsCounted).OrderBy(guess => guess.Key, StringComparer.Ordinal).ToList();
        if (counted.Count == 0)
            return default;

        var now = time.GetUtcNow();
        var running = await ledger.AddAsync([.. counted.Select(guess => new CountedGuess(guess.Key, guess.Within, guess.Most))], now);
        var result = default(Counted);
        foreach (var (guess, count) in counted.Zip(running))
        {
            if (count.Count < guess.Most)
                continue;

            Remember(guess.Key, count.EndsAt);
            if (count.Count == guess.Most)
                result = result with { IsLast = true };
            else if (Until(count.EndsAt, now) is var wait && (result.Wait is not { } longest || wait > longest))
                result = result with { Wait = wait };
        }

        return result;
    }

    /// <summary>The guesses were right, or not compared: they are taken out of their counts.</summary>
    public Task TakeBackAsync(params IReadOnlyList<Guess> guesses)
        => ledger.TakeBackAsync([.. guesses.Where(IsCounted).Select(guess => guess.Key).Order(StringComparer.Ordinal)]);

    /// <summary>The right password or secret was given: counting starts anew.</summary>
    /// <param name="entry">What the history says of it, in the same transaction; null: nothing.</param>
    public Task ForgetAsync(Guess guess, HistoryEntry? entry = null) => ledger.ForgetAsync(guess.Key, entry);

    private void Remember(string key, DateTimeOffset endsAt)
    {
        if (_waiting.Count >= MostRemembered)
            _waiting.Clear();
        _waiting[key] = endsAt;
        LimitMetrics.GuessingStopped();
    }

    private bool IsCounted(Guess guess) => guess.IsLockout || options.Value.Enabled;

    private static TimeSpan Until(DateTimeOffset end, DateTimeOffset now)
        => TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling((end - now).TotalSeconds)));
}

/// <summary>The result of counting a guess.</summary>
/// <param name="Wait">How long to wait, because there were too many before; null: it may be compared.</param>
/// <param name="IsLast">It is the last one that may be compared for a while, if it is wrong.</param>
public readonly record struct Counted(TimeSpan? Wait, bool IsLast)
{
    /// <summary>It must not be compared.</summary>
    public bool IsOver => Wait is not null;
}
