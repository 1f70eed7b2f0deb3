namespace Xeno.Portal.Apps;

/// <summary>
/// Carries a secret that was just made from one page of a circuit to the next, so that it is shown in full once. Lives as long as the
/// circuit, never in an address or in the browser's storage.
/// </summary>
public sealed class FreshSecrets
{
    private readonly Dictionary<string, string> _secrets = new(StringComparer.Ordinal);

    public void Put(string clientId, string secret) => _secrets[clientId] = secret;

    /// <summary>The secret, the first time it is asked for.</summary>
    public string? Take(string clientId) => _secrets.Remove(clientId, out var secret) ? secret : null;
}
