using System.ComponentModel.DataAnnotations;

namespace Xeno.Portal.OAuth;

/// <summary>Settings section <c>OAuth</c>, beside <c>OAuth:Issuer</c>, which the whole host uses (<c>PublicOrigin</c>).</summary>
public sealed class OAuthOptions
{
    public const string Section = "OAuth";

    /// <summary>How long an authorization code may wait for its exchange. RFC 6749 §4.1.2 advises ten minutes at most.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00",
        ErrorMessage = "OAuth:AuthorizationCodeLifetime must be between 00:00:01 and 00:10:00.")]
    public TimeSpan AuthorizationCodeLifetime { get; set; } = TimeSpan.FromMinutes(5);
}
