namespace Xeno.Portal.OAuth;

/// <summary>RFC 9700 §4.1: a redirect URI is compared as an exact string, never as what it might mean.</summary>
public static class RedirectUriMatch
{
    // Not "localhost": that is a name, and a name can be made to point elsewhere (RFC 8252 §8.3).
    private static readonly string[] s_loopbackAddresses = ["http://127.0.0.1", "http://[::1]"];

    /// <summary>
    /// True when <paramref name="sent"/> is <paramref name="registered"/>; for a loopback IP address only the port may differ (RFC 8252 §7.3),
    /// because an app on a device takes whichever port is free.
    /// </summary>
    public static bool Matches(string registered, string sent)
        => string.Equals(registered, sent, StringComparison.Ordinal)
           || s_loopbackAddresses.Any(address =>
               WithoutPort(registered, address) is { } expected && WithoutPort(sent, address) is { } got
               && string.Equals(expected, got, StringComparison.Ordinal));

    /// <summary>What follows host and port, or null when the URI is not of that address or its port is not a number.</summary>
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
