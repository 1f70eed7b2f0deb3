using System.Buffers;
using System.Collections.Frozen;
using Microsoft.AspNetCore.WebUtilities;
using Xeno.Portal.Http;

namespace Xeno.Portal.Apps;

/// <summary>
/// What may be registered as a redirect URI (RFC 6749 §3.1.2, RFC 9700 §2.1, RFC 8252 §7). It is stored exactly as typed, because it is
/// compared as a string.
/// </summary>
public static class RedirectUris
{
    public const int Most = 20;
    public const int Longest = 2048;

    private static readonly SearchValues<char> s_allowed = SearchValues.Create(
        [.. Enumerable.Range('!', '~' - '!' + 1).Select(code => (char)code).Except("\"<>\\^`{|}")]);

    // Schemes that run, read, show or send something, or belong to other programs. None of them leads back to the app that asked.
    private static readonly FrozenSet<string> s_reservedSchemes = FrozenSet.Create(StringComparer.Ordinal,
        "javascript", "vbscript", "livescript", "data", "blob", "filesystem", "file", "about", "view-source", "intent", "android-app",
        "content", "res", "resource", "chrome", "chrome-extension", "chrome-search", "devtools", "edge", "moz-extension",
        "safari-web-extension", "jar", "mhtml", "mk", "its", "cid", "mid", "shell", "search", "search-ms", "hcp", "help", "applescript",
        "shortcuts", "ws", "wss", "ftp", "ftps", "sftp", "ssh", "telnet", "gopher", "ldap", "ldaps", "smb", "nfs", "afp",
        "dict", "git", "svn", "magnet", "mailto", "tel", "sms", "mms", "facetime", "news", "nntp", "irc", "urn", "tag", "steam", "itms",
        "market");

    /// <summary>
    /// Reads redirect URIs, one on each line. When one is not good, the result is empty, and <paramref name="problem"/> names the first bad
    /// one, the reason and what to do.
    /// </summary>
    /// <param name="registered">The app's present ones, which are not judged again: some may be older than a rule.</param>
    public static IReadOnlyList<string> Parse(
        string? lines, bool hasSecret, out string? problem, IReadOnlyList<string>? registered = null)
    {
        string[] uris = [.. Lines(lines)];
        problem = uris.Length switch
        {
            0 => "Enter at least one redirect URI: the address of your app that people come back to.",
            > Most => $"These are {uris.Length} redirect URIs; an app can have {Most}. Remove some.",
            _ => uris.Except(registered ?? [], StringComparer.Ordinal).Select(uri => Problem(uri, hasSecret))
                    .FirstOrDefault(found => found is not null)
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
        if (uri.AsSpan().IndexOfAnyExcept(s_allowed) is >= 0 and var position)
            return $"{Shown(uri)} contains {Named(uri[position])}, which does not belong in an address. Percent-encode it.";
        if (uri.Contains('*', StringComparison.Ordinal))
            return $"{uri} contains a *. Redirect URIs are compared exactly, so there are no wildcards: list each address on its line.";
        if (!Uri.TryCreate(uri, UriKind.Absolute, out var parsed) || !uri.Contains(':', StringComparison.Ordinal) || uri.StartsWith('/'))
            return $"{uri} is not an absolute address. Write it in full, for example https://app.example.com/callback";
        if (uri.Contains('#', StringComparison.Ordinal))
            return $"{uri} has a fragment (#), which a redirect URI must not have (RFC 6749 section 3.1.2). Leave it out.";
        if (OfTheAnswer(uri) is { } name)
            return $"{uri} has {name} in its query. The portal adds {name} to its answer, which would then have two of them (RFC 6749 "
                + "section 4.1.2). Give yours another name, or leave it out.";

        return parsed.Scheme is "http" or "https" ? WebProblem(uri, parsed) : SchemeProblem(uri, parsed, hasSecret);
    }

    /// <summary>
    /// What a developer should know about redirect URIs that could be registered: any program on the device can claim a scheme without a
    /// dot (RFC 8252 §7.1, §8.4). Null when there is nothing to say.
    /// </summary>
    /// <param name="lines">Redirect URIs, one on each line, as they are typed.</param>
    /// <param name="hasSecret">Whether the app has a secret; then such a redirect URI is refused anyway.</param>
    public static string? Advice(string? lines, bool hasSecret)
        => !hasSecret && Lines(lines).Where(uri => Problem(uri, hasSecret: false) is null).Select(SchemeOf).FirstOrDefault(
            scheme => scheme is not ("http" or "https") && !scheme.Contains('.', StringComparison.Ordinal)) is { } own
            ? $"Any program on a device can claim {own}: for itself. A loopback address such as http://127.0.0.1/callback is safer: only a "
                + "program that runs at that moment gets the answer, and the port may be any free one."
            : null;

    private static IEnumerable<string> Lines(string? text)
        => (text ?? "").Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0);

    private static string SchemeOf(string uri) => uri.Split(':', 2)[0];

    private static string? WebProblem(string uri, Uri parsed)
    {
        var authority = $"{parsed.Scheme}://";
        if (!uri.StartsWith(authority, StringComparison.Ordinal) || parsed.Host.Length == 0)
            return $"{uri} does not begin with {authority} and a host, in small letters. Write it like https://app.example.com/callback";
        // A browser would rewrite these addresses, and the result would not be the registered string.
        var path = uri[authority.Length..].Split('?', 2)[0];
        var host = path.Split('/', 2)[0];
        if (host.Contains('@', StringComparison.Ordinal))
            return $"{uri} contains a user name before @. Leave it out.";
        if (parsed.Host.EndsWith('.'))
            return $"{uri} has a host that ends with a dot. Leave the dot out.";
        if (host.Contains('%', StringComparison.Ordinal) || host.EndsWith(':')
            || !host.StartsWith(parsed.Host, StringComparison.OrdinalIgnoreCase))
            return $"{uri} writes its host in a way that browsers rewrite. Write it as {parsed.Authority}.";
        if (path.Split('/').Skip(1).Any(segment => segment.Replace("%2e", ".", StringComparison.OrdinalIgnoreCase) is "." or ".."))
            return $"{uri} has a . or .. in its path, which browsers rewrite. Write the path it leads to.";

        return parsed.Scheme == "https" || IsLoopback(parsed.Host)
            ? null
            : $"{uri} is http. Codes must not travel in the clear: use https, or http only on this machine "
                + "(127.0.0.1, [::1] or localhost).";
    }

    private static string? SchemeProblem(string uri, Uri parsed, bool hasSecret)
    {
        if (s_reservedSchemes.Contains(parsed.Scheme) || parsed.Scheme.StartsWith("ms-", StringComparison.Ordinal))
            return $"{Shown(uri)} begins with {parsed.Scheme}:, which is not taken: browsers or the system handle it, so it would not "
                + "lead to your app. Use https, or your own scheme made from a domain name in reverse order, like "
                + "com.example.app:/callback";
        if (!uri.StartsWith(parsed.Scheme, StringComparison.Ordinal))
            return $"{uri} has capital letters in its scheme. Write it in small letters.";
        return hasSecret
            ? $"{uri} has its own scheme. That is for apps on a device, which cannot keep a secret: "
                + "choose \"Without a secret\", or use https."
            : null;
    }

    /// <summary>The first parameter that an answer has too; names are compared as a reader of the query would decode them.</summary>
    private static string? OfTheAnswer(string uri)
    {
        foreach (var parameter in new QueryStringEnumerable(uri.AsMemory(uri.Split('?', 2)[0].Length)))
            if (AuthorizationAnswer.Parameters.FirstOrDefault(name => parameter.DecodeName().Span.SequenceEqual(name)) is { } found)
                return found;
        return null;
    }

    private static bool IsLoopback(string host) => host is "127.0.0.1" or "[::1]" or "localhost" && PublicOrigin.IsLoopback(host);

    private static string Shown(string uri) => string.Concat(uri.Select(c => char.IsControl(c) ? '?' : c));

    private static string Named(char c) => c == ' ' ? "a space" : c is < ' ' or '\x7f' ? "a control character" : $"the character {c}";
}
