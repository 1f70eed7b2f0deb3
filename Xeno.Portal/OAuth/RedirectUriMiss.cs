using System.Globalization;
using System.Text.RegularExpressions;
using Xeno.Portal.Http;

namespace Xeno.Portal.OAuth;

/// <summary>
/// Says in words by what a redirect URI misses a registered one: a slash, letter case, a port, a scheme, an encoding. The comparison itself
/// is <see cref="RedirectUriMatch"/>. The words hold nothing of a registered redirect URI, because strangers read them too.
/// </summary>
public static partial class RedirectUriMiss
{
    /// <summary>
    /// Removes one kind of difference, so that two URIs that differ only in it become equal; and the text to show, by which of the two has
    /// it.
    /// </summary>
    private sealed record RedirectUriDifference(Func<string, string> WithoutIt, string WhenSent, string WhenRegistered);

    // From the special to the general: the first one that makes the two equal is named.
    private static readonly RedirectUriDifference[] s_differences =
    [
        new(uri => uri.Trim(), "there is a space around it. Leave it out.", "the registered one has a space around it."),
        new(WithoutSlashAtEnd, "it has a slash at the end. Leave the slash out.", "the slash at the end is missing. Add it."),
        new(uri => DefaultPort().Replace(uri, "$1"), "it names the default port. Leave the port out.",
            "the port is missing. Write it, although it is the default."),
        new(uri => uri.Replace("https://", "http://", StringComparison.Ordinal), "it begins with https. Send http.",
            "it begins with http. Send https."),
        new(uri => uri.Replace("://localhost", "://127.0.0.1", StringComparison.OrdinalIgnoreCase),
            "it says localhost. Send the address 127.0.0.1.", "it says 127.0.0.1. Send localhost."),
        new(uri => uri.Replace("://[::1]", "://127.0.0.1", StringComparison.Ordinal), "it says [::1]. Send the address 127.0.0.1.",
            "it says 127.0.0.1. Send the address [::1]."),
        new(uri => uri.ToUpperInvariant(), "capital and small letters differ, which counts everywhere in it.",
            "capital and small letters differ, which counts everywhere in it."),
        new(HostInAscii, "its host is written in Unicode. Send the form that begins with xn--.",
            "its host is written in the form that begins with xn--. Send it in Unicode."),
        new(Uri.UnescapeDataString, "it percent-encodes characters that are registered as they are, or percent-encodes all twice. "
            + "Send them as they are, and encode the whole value once.",
            "it holds characters that are registered percent-encoded. Keep their percent-encoding, and encode the whole value once more."),
        new(uri => uri.Replace('+', ' '), "a plus sign in it should be a space.",
            "it has a space where the registered one has a plus sign. Percent-encode the plus sign as %2B."),
        new(WithoutAnswer, "the parameters of the portal's answer (code, state, iss, error) were left in it. Take them out.", ""),
        new(uri => uri.Split('#', 2)[0], "it has a fragment (#). Leave the fragment out.", ""),
        new(uri => AnyPort().Replace(uri, "$1"), "it has another port. Only for 127.0.0.1 and [::1] may the port differ.",
            "it has another port. Only for 127.0.0.1 and [::1] may the port differ."),
    ];

    /// <summary>
    /// By what <paramref name="sent"/> misses one of <paramref name="registered"/>, and how to correct it, as the end of a sentence; null
    /// when it is not one known difference.
    /// </summary>
    public static string? Explain(IReadOnlyList<string> registered, string sent)
        => registered.Select(one => Explain(one, sent)).FirstOrDefault(words => words is not null);

    private static string? Explain(string registered, string sent)
    {
        foreach (var difference in s_differences)
        {
            var (one, other) = (difference.WithoutIt(registered), difference.WithoutIt(sent));
            if (one == other || RedirectUriMatch.Matches(registered, other))
                return other == sent ? difference.WhenRegistered : difference.WhenSent;
        }

        return QueryMiss(registered, sent);
    }

    private static string? QueryMiss(string registered, string sent)
    {
        if (registered.StartsWith(sent + "&", StringComparison.Ordinal))
            return "it ends where an & follows. Percent-encode each & in the value of redirect_uri as %26.";
        if (registered.StartsWith(sent + "?", StringComparison.Ordinal))
            return "its query is missing. Send the query as it is registered.";
        return sent.StartsWith(registered + "?", StringComparison.Ordinal) || sent.StartsWith(registered + "&", StringComparison.Ordinal)
            ? "it has more in its query. Send what belongs to one sign-in in state instead."
            : null;
    }

    private static string WithoutSlashAtEnd(string uri)
    {
        var end = uri.IndexOf('?', StringComparison.Ordinal) is var query and >= 0 ? query : uri.Length;
        return uri[..end].TrimEnd('/') + uri[end..];
    }

    private static string WithoutAnswer(string uri)
    {
        var parts = uri.Split('?', 2);
        if (parts.Length == 1)
            return uri;
        var kept = string.Join('&', parts[1].Split('&').Where(part => !AuthorizationAnswer.Parameters.Contains(part.Split('=')[0])));
        return kept.Length == 0 ? parts[0] : $"{parts[0]}?{kept}";
    }

    private static string HostInAscii(string uri) => Host().Replace(uri, host =>
    {
        try
        {
            return new IdnMapping().GetAscii(host.Value);
        }
        catch (ArgumentException)
        {
            return host.Value;
        }
    });

    [GeneratedRegex(@"^(https://[^/?#:]+(?=:443)|http://[^/?#:]+(?=:80)):[0-9]+(?=[/?#]|$)(?<=:(?:443|80))")]
    private static partial Regex DefaultPort();

    [GeneratedRegex(@"^(https?://(?:\[[^\]/?#]*\]|[^/?#:]+)):[0-9]+(?=[/?#]|$)")]
    private static partial Regex AnyPort();

    [GeneratedRegex("(?<=^https?://)[^/?#:]+")]
    private static partial Regex Host();
}
