using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;

namespace Xeno.Portal.Playground;

/// <summary>
/// What the playground must still know when the browser comes back, carried by <c>state</c> itself, encrypted: nothing is kept in memory, so
/// it works on every node and after a restart.
/// </summary>
public sealed class PlaygroundState(IDataProtectionProvider protection, TimeProvider time)
{
    private static readonly TimeSpan s_lifetime = TimeSpan.FromMinutes(30);

    private readonly IDataProtector _protector = protection.CreateProtector("Xeno.Portal.Playground.State");

    /// <summary>A new run of the flow: who started it, for which app, with a fresh PKCE verifier (RFC 7636 §4.1).</summary>
    public Run Start(string accountId, string clientId, string scope)
        => new(accountId, clientId, scope, WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32)), time.GetUtcNow());

    public string Protect(Run run) => _protector.Protect(JsonSerializer.Serialize(run));

    /// <summary>The run behind a state that came back, or null: it is not ours, it is old, or another account started it.</summary>
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

    /// <summary>One walk through the flow.</summary>
    public sealed record Run(string AccountId, string ClientId, string Scope, string Verifier, DateTimeOffset StartedAt)
    {
        /// <summary>RFC 7636 §4.2, S256.</summary>
        public string Challenge => WebEncoders.Base64UrlEncode(SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(Verifier)));
    }
}
