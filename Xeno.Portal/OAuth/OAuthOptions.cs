using System.ComponentModel.DataAnnotations;

namespace Xeno.Portal.OAuth;

/// <summary>
/// Settings section <c>OAuth</c>. <c>OAuth:Issuer</c>, of the same section, is used by the whole host (<c>PublicOrigin</c>).
/// </summary>
public sealed class OAuthOptions
{
    public const string Section = "OAuth";

    /// <summary>How long an authorization code can be exchanged. RFC 6749 §4.1.2 advises ten minutes at most.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00",
        ErrorMessage = "OAuth:AuthorizationCodeLifetime must be between 00:00:01 and 00:10:00.")]
    public TimeSpan AuthorizationCodeLifetime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How many granted tokens one app may have on one account; beyond that authorize refuses a further one. None is ended for being one
    /// of many.
    /// </summary>
    [Range(1, 1_000_000, ErrorMessage = "OAuth:TokensPerAppAndAccount must be between 1 and 1000000.")]
    public int TokensPerAppAndAccount { get; set; } = 10_000;

    /// <summary>How long ended grants stay in the database with their revoked tokens, counted from their creation.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00", ErrorMessage = "OAuth:KeepEndedFor must be between 01:00:00 and 3650.00:00:00.")]
    public TimeSpan KeepEndedFor { get; set; } = TimeSpan.FromDays(7);
}
