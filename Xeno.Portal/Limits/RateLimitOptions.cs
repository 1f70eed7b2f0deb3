using System.ComponentModel.DataAnnotations;

namespace Xeno.Portal.Limits;

/// <summary>
/// Settings section <c>RateLimits</c>: how many requests a minute one address, app, token or account may make before it is answered 429. An
/// address is one IPv4 address or one IPv6 network of 64 bits. Each node counts for itself, except wrong passwords and secrets, which all nodes
/// count together.
/// </summary>
public sealed class RateLimitOptions
{
    public const string Section = "RateLimits";

    private const string Range = "RateLimits:{0} must be between 1 and 1000000.";

    /// <summary>Off for load tests only. Lockout (<c>Accounts</c>) stays.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Log-in forms sent from one address.</summary>
    [Range(1, 1_000_000, ErrorMessage = Range)]
    public int LogInsPerAddress { get; set; } = 60;

    /// <summary>Registration forms sent from one address.</summary>
    [Range(1, 1_000_000, ErrorMessage = Range)]
    public int RegistrationsPerAddress { get; set; } = 60;

    /// <summary>Authorization requests and answers to the consent page from one address.</summary>
    [Range(1, 1_000_000, ErrorMessage = Range)]
    public int AuthorizationsPerAddress { get; set; } = 1200;

    /// <summary>Codes issued on one account.</summary>
    [Range(1, 1_000_000, ErrorMessage = Range)]
    public int CodesPerAccount { get; set; } = 300;

    /// <summary>Token, revocation and introspection requests from one address; many apps' servers may stand behind one.</summary>
    [Range(1, 1_000_000, ErrorMessage = Range)]
    public int ProtocolRequestsPerAddress { get; set; } = 6000;

    /// <summary>The same of one app, once it has authenticated.</summary>
    [Range(1, 1_000_000, ErrorMessage = Range)]
    public int ProtocolRequestsPerApp { get; set; } = 6000;

    /// <summary>API calls with one token.</summary>
    [Range(1, 1_000_000, ErrorMessage = Range)]
    public int ApiCallsPerToken { get; set; } = 6000;

    /// <summary>API calls without a valid token from one address.</summary>
    [Range(1, 1_000_000, ErrorMessage = Range)]
    public int RefusedApiCallsPerAddress { get; set; } = 600;

    /// <summary>Wrong passwords from one address in five minutes, counted by all nodes together.</summary>
    [Range(1, 1_000_000, ErrorMessage = Range)]
    public int WrongPasswordsPerAddress { get; set; } = 100;

    /// <summary>Wrong Client Secrets for one app from one address in five minutes, counted by all nodes together.</summary>
    [Range(1, 1_000_000, ErrorMessage = Range)]
    public int WrongSecretsPerAppAndAddress { get; set; } = 50;

    /// <summary>Interactive pages that one address keeps open at the same time, on one node.</summary>
    [Range(1, 1_000_000, ErrorMessage = Range)]
    public int OpenPagesPerAddress { get; set; } = 500;

    /// <summary>Interactive pages that one account keeps open at the same time, on one node.</summary>
    [Range(1, 1_000_000, ErrorMessage = Range)]
    public int OpenPagesPerAccount { get; set; } = 50;
}
