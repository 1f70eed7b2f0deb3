using Xeno.Portal.Limits;

namespace Xeno.Portal.OAuth;

/// <summary>Settings section <c>RateLimits</c>: how often the protocol endpoints may be asked, and secrets be guessed.</summary>
internal sealed class OAuthRateLimits
{
    /// <summary>Authorization requests and answers to the consent page, a minute from one address.</summary>
    [LimitRange]
    public int AuthorizationsPerAddress { get; set; } = 1200;

    /// <summary>Codes issued a minute on one account.</summary>
    [LimitRange]
    public int CodesPerAccount { get; set; } = 300;

    /// <summary>Token, revocation and introspection requests a minute from one address, which may be that of many apps' servers.</summary>
    [LimitRange]
    public int ProtocolRequestsPerAddress { get; set; } = 6000;

    /// <summary>The same of one app, once it has authenticated.</summary>
    [LimitRange]
    public int ProtocolRequestsPerApp { get; set; } = 6000;

    /// <summary>Wrong Client Secrets for one app from one address in five minutes, counted by all nodes together.</summary>
    [LimitRange]
    public int WrongSecretsPerAppAndAddress { get; set; } = 50;

    internal RateLimit Authorization => new(nameof(Authorization), AuthorizationsPerAddress);

    internal RateLimit Code => new(nameof(Code), CodesPerAccount);

    internal RateLimit ProtocolRequest => new(nameof(ProtocolRequest), ProtocolRequestsPerAddress);

    internal RateLimit ProtocolRequestOfApp => new(nameof(ProtocolRequestOfApp), ProtocolRequestsPerApp);

    /// <summary>Guesses at the Client Secret of one app, from one address.</summary>
    internal Guess WrongSecrets(string clientId, string address)
        => new($"secret of {clientId} from {address}", WrongSecretsPerAppAndAddress, Guess.FiveMinutes);
}
