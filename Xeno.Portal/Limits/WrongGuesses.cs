using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Xeno.Portal.Data.Guesses;
using Xeno.Portal.Telemetry;

namespace Xeno.Portal.Limits;

/// <summary>What is guessed at, and by whom: the same text on every node.</summary>
/// <param name="Most">After that many wrong ones, further ones are not looked at; null: they are not counted.</param>
/// <param name="Within">How long they are counted, from the first one on.</param>
public readonly record struct Guess(string Key, int? Most, TimeSpan Within);

/// <summary>
/// Stops guessing at passwords and secrets. Only wrong ones are counted, and all nodes count together, in the database: whoever is refused by
/// one is refused by the others.
/// </summary>
public sealed class WrongGuesses(GuessLedger ledger, IOptions<RateLimitOptions> options, TimeProvider time)
{
    private static readonly TimeSpan s_fiveMinutes = TimeSpan.FromMinutes(5);

    // Whoever is signed in knows the password, or is not who they seem.
    private const int MostAgain = 10;

    // Who has to wait until when, as this node was told at the last wrong guess. Never more than that many: the oldest knowledge is the database's.
    private const int MostRemembered = 10_000;
    private readonly ConcurrentDictionary<string, DateTimeOffset> _waiting = new(StringComparer.Ordinal);

    /// <summary>At passwords of any account, from one address.</summary>
    public Guess AtPasswords(string address) => new($"passwords from {address}", Limit(options.Value.WrongPasswordsPerAddress), s_fiveMinutes);

    /// <summary>At the password of an account that is signed in, where it is asked for again.</summary>
    public Guess AtPasswordAgain(string accountId) => new($"password again of {accountId}", MostAgain, s_fiveMinutes);

    /// <summary>At the Client Secret of one app, from one address.</summary>
    public Guess AtSecret(string clientId, string address) => new($"secret of {clientId} from {address}", Limit(options.Value.WrongSecretsPerAppAndAddress), s_fiveMinutes);

    /// <summary>How long to wait before the next guess; null: go on. Asks the database.</summary>
    public async ValueTask<TimeSpan?> WaitAsync(Guess guess)
    {
        if (guess.Most is null)
            return null;
        var now = time.GetUtcNow();
        return await ledger.FindAsync(guess.Key, now) is { } running && running.Count >= guess.Most ? Until(running.EndsAt, now) : null;
    }

    /// <summary>
    /// The same from memory, for what is asked too often for a question to the database: another node's last count is not known here until
    /// the next wrong guess, so each further node looks at one guess more.
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

    /// <summary>Counts a wrong one.</summary>
    public async Task CountAsync(Guess guess)
    {
        if (guess.Most is null)
            return;

        var running = await ledger.AddAsync(guess.Key, guess.Within, time.GetUtcNow());
        if (running.Count < guess.Most)
            return;

        if (_waiting.Count >= MostRemembered)
            _waiting.Clear();
        _waiting[guess.Key] = running.EndsAt;
        PortalMetrics.GuessingStopped();
    }

    /// <summary>The right one was given: counting starts anew.</summary>
    public Task ForgetAsync(Guess guess) => ledger.ForgetAsync(guess.Key);

    private int? Limit(int most) => options.Value.Enabled ? most : null;

    private static TimeSpan Until(DateTimeOffset end, DateTimeOffset now) => TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling((end - now).TotalSeconds)));
}
