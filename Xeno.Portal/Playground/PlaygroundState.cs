using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;

namespace Xeno.Portal.Playground;

/// <summary>
/// What the playground must know when the browser comes back. It is encrypted in <c>state</c> and not kept in memory, so the playground
/// works on every node and after a restart.
/// </summary>
public sealed class PlaygroundState(IDataProtectionProvider protection, TimeProvider time)
{
    private static readonly TimeSpan s_lifetime = TimeSpan.FromMinutes(30);

    private readonly IDataProtector _protector = protection.CreateProtector("Xeno.Portal.Playground.State");

    /// <summary>A new run of the flow, with a new PKCE verifier (RFC 7636 §4.1).</summary>
    public Run Start(string accountId, string clientId, string scope)
        => new(accountId, clientId, scope, WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32)), time.GetUtcNow());

    public string Protect(Run run) => _protector.Protect(JsonSerializer.Serialize(run));

    /// <summary>The run of a returned state; null when the state is forged, older than 30 minutes, or of another account.</summary>
    public Run? Read(string? state, string accountId)
    {
        try
        {
            var run = state is null ? null : JsonSerializer.Deserialize<Run>(_protector.Unprotect(state));
            return run?.AccountId == accountId && time.GetUtcNow() - run.StartedAt < s_lifetime ? run : null;
        }
        catch (Exception exception) when (exception is CryptographicException or JsonException)
        {
            return null;
        }
    }

    /// <summary>One run of the flow.</summary>
    public sealed record Run(string AccountId, string ClientId, string Scope, string Verifier, DateTimeOffset StartedAt)
    {
        /// <summary>The code challenge of RFC 7636 §4.2, by S256.</summary>
        public string Challenge => WebEncoders.Base64UrlEncode(SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(Verifier)));
    }
}
