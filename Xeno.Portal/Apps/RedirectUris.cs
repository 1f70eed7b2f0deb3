using Xeno.Portal.Http;

namespace Xeno.Portal.Apps;

/// <summary>
/// What may be registered as a redirect URI (RFC 6749 §3.1.2, RFC 9700 §2.1, RFC 8252 §7). Kept as the exact string that was typed, because
/// it is compared as one.
/// </summary>
public static class RedirectUris
{
    public const int Most = 20;
    public const int Longest = 2048;

    // Stands for "no odd character": the default would be NUL, which is one.
    private const char Good = '/';

    /// <summary>
    /// Reads redirect URIs, one a line. Either all are good, or <paramref name="problem"/> names the first that is not, the reason and what
    /// to do.
    /// </summary>
    public static IReadOnlyList<string> Parse(string? lines, bool hasSecret, out string? problem)
    {
        string[] uris = [.. (lines ?? "").Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];
        problem = uris.Length switch
        {
            0 => "Enter at least one redirect URI: the address of your app that people come back to.",
            > Most => $"These are {uris.Length} redirect URIs; an app can have {Most}. Remove some.",
            _ => uris.Select(uri => Problem(uri, hasSecret)).FirstOrDefault(found => found is not null)
                ?? uris.GroupBy(uri => uri, StringComparer.Ordinal).Where(group => group.Count() > 1)
                    .Select(group => $"{group.Key} is listed twice. Remove one.").FirstOrDefault(),
        };
        return problem is null ? uris : [];
    }

    /// <summary>Why <paramref name="uri"/> cannot be registered and what to do, or null when it can.</summary>
    public static string? Problem(string uri, bool hasSecret)
    {
        if (uri.Length > Longest)
            return $"{uri[..60]}… is longer than {Longest} characters. Shorten it.";
        if (uri.FirstOrDefault(c => c is <= ' ' or > '~' or '"' or '<' or '>' or '\\' or '^' or '`' or '{' or '|' or '}', Good) is not Good and var odd)
            return $"{Shown(uri)} holds {Named(odd)}, which does not belong in an address. Percent-encode it.";
        if (uri.Contains('*', StringComparison.Ordinal))
            return $"{uri} holds a *. Redirect URIs are compared exactly, so there are no wildcards: list each address on a line of its own.";
        if (!Uri.TryCreate(uri, UriKind.Absolute, out var parsed) || !uri.Contains(':', StringComparison.Ordinal) || uri.StartsWith('/'))
            return $"{uri} is not an absolute address. Write it in full, for example https://app.example.com/callback";
        if (uri.Contains('#', StringComparison.Ordinal))
            return $"{uri} has a fragment (#). Answers come in the query, and a redirect URI must have none (RFC 6749 section 3.1.2): leave it out.";

        return parsed.Scheme is "http" or "https" ? WebProblem(uri, parsed) : SchemeProblem(uri, parsed, hasSecret);
    }

    private static string? WebProblem(string uri, Uri parsed)
    {
        var authority = $"{parsed.Scheme}://";
        if (!uri.StartsWith(authority, StringComparison.Ordinal) || parsed.Host.Length == 0)
            return $"{uri} does not begin with {authority} and a host, in small letters. Write it like https://app.example.com/callback";
        // What a browser would rewrite on the way would no longer be what was registered.
        var path = uri[authority.Length..].Split('?', 2)[0];
        var host = path.Split('/', 2)[0];
        if (host.Contains('@', StringComparison.Ordinal))
            return $"{uri} holds a user name before @. Leave it out.";
        if (parsed.Host.EndsWith('.'))
            return $"{uri} has a host that ends with a dot. Leave the dot out.";
        if (host.Contains('%', StringComparison.Ordinal) || !host.StartsWith(parsed.Host, StringComparison.OrdinalIgnoreCase) || host.EndsWith(':'))
            return $"{uri} writes its host in a way that browsers rewrite. Write it as {parsed.Authority}.";
        if (path.Split('/').Skip(1).Any(segment => segment.Replace("%2e", ".", StringComparison.OrdinalIgnoreCase) is "." or ".."))
            return $"{uri} has a . or .. in its path, which browsers rewrite. Write the path it leads to.";

        return parsed.Scheme == "https" || IsLoopback(parsed.Host)
            ? null
            : $"{uri} is http. Codes must not travel in the clear: use https, or http on this machine only (127.0.0.1, [::1] or localhost).";
    }

    private static string? SchemeProblem(string uri, Uri parsed, bool hasSecret)
    {
        if (!parsed.Scheme.Contains('.', StringComparison.Ordinal))
            return $"{Shown(uri)} begins with {parsed.Scheme}:, which is not taken. Use https, or a scheme of your own that is a domain name turned round, like com.example.app:/callback";
        if (!uri.StartsWith(parsed.Scheme + ":", StringComparison.Ordinal))
            return $"{uri} has capital letters in its scheme. Write it in small letters.";
        return hasSecret
            ? $"{uri} has a scheme of its own. That is for apps on a device, which cannot keep a secret: choose \"Without a secret\", or use https."
            : null;
    }

    private static bool IsLoopback(string host) => host is "127.0.0.1" or "[::1]" or "localhost" && PublicOrigin.IsLoopback(host);

    private static string Shown(string uri) => string.Concat(uri.Select(c => char.IsControl(c) ? '?' : c));

    private static string Named(char c) => c == ' ' ? "a space" : c is < ' ' or '\x7f' ? "a control character" : $"the character {c}";
}
