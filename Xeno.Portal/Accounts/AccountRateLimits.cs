using Xeno.Portal.Limits;

namespace Xeno.Portal.Accounts;

/// <summary>Settings section <c>RateLimits</c>: how often one address may log in, register and guess passwords.</summary>
internal sealed class AccountRateLimits
{
    /// <summary>Log-in forms a minute from one address.</summary>
    [LimitRange]
    public int LogInsPerAddress { get; set; } = 60;

    /// <summary>Registration forms a minute from one address.</summary>
    [LimitRange]
    public int RegistrationsPerAddress { get; set; } = 60;

    /// <summary>Checks a minute from one address of a password that somebody types, before it is sent.</summary>
    [LimitRange]
    public int PasswordChecksPerAddress { get; set; } = 120;

    /// <summary>Wrong passwords from one address in five minutes, counted by all nodes together.</summary>
    [LimitRange]
    public int WrongPasswordsPerAddress { get; set; } = 100;

    internal RateLimit LogIn => new(nameof(LogIn), LogInsPerAddress);

    internal RateLimit Registration => new(nameof(Registration), RegistrationsPerAddress);

    internal RateLimit PasswordCheck => new(nameof(PasswordCheck), PasswordChecksPerAddress);

    /// <summary>Guesses at passwords of any account, from one address and the networks around it.</summary>
    internal IReadOnlyList<Guess> WrongPasswords(HttpContext context) =>
    [
        .. ClientAddress.NetworksOf(context).Select(from
            => new Guess($"passwords from {from.Caller}", WrongPasswordsPerAddress * from.Factor, Guess.FiveMinutes)),
    ];
}
