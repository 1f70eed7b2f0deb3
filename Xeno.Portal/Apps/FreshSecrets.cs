namespace Xeno.Portal.Apps;

/// <summary>
/// Carries a new secret from one page of a circuit to the next, which shows it in full once. Kept in the circuit's memory only, never in
/// an address or in the browser's storage.
/// </summary>
public sealed class FreshSecrets
{
    private readonly Dictionary<string, string> _secrets = new(StringComparer.Ordinal);

    public void Put(string clientId, string secret) => _secrets[clientId] = secret;

    /// <summary>The secret, on the first call; null afterwards.</summary>
    public string? Take(string clientId) => _secrets.Remove(clientId, out var secret) ? secret : null;
}
