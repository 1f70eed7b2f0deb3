namespace Xeno.Portal.OAuth;

/// <summary>RFC 9700 §4.1: redirect URIs are compared as exact strings; nothing is decoded or normalised.</summary>
public static class RedirectUriMatch
{
    // Not "localhost": a name can resolve to another machine (RFC 8252 §8.3).
    private static readonly string[] s_loopbackAddresses = ["http://127.0.0.1", "http://[::1]"];

    /// <summary>
    /// True when <paramref name="sent"/> equals <paramref name="registered"/>. For a loopback IP address the port may differ (RFC 8252
    /// §7.3), because an app on a device uses any free port.
    /// </summary>
    public static bool Matches(string registered, string sent)
        => string.Equals(registered, sent, StringComparison.Ordinal)
           || s_loopbackAddresses.Any(address =>
               WithoutPort(registered, address) is { } expected && WithoutPort(sent, address) is { } got
               && string.Equals(expected, got, StringComparison.Ordinal));

    /// <summary>The URI after host and port; null when it has another host, or its port is no number from 1 to 65535.</summary>
    private static string? WithoutPort(string uri, string address)
    {
        if (!uri.StartsWith(address, StringComparison.Ordinal))
            return null;

        var rest = uri.AsSpan(address.Length);
        if (rest is [':', ..])
        {
            var digits = rest[1..].IndexOfAnyExceptInRange('0', '9') is var end and >= 0 ? rest[1..(end + 1)] : rest[1..];
            if (!ushort.TryParse(digits, out var port) || port == 0)
                return null;
            rest = rest[(digits.Length + 1)..];
        }

        return rest is [] or ['/' or '?', ..] ? rest.ToString() : null;
    }
}
