using System.Text;
using OpenIddict.Abstractions;

namespace Xeno.Portal.OAuth;

/// <summary>
/// The parameters of one protocol request, and what is wrong with them (RFC 6749 §3.1, and the limits of length). Only well-formed
/// parameters have a value here, so nothing malformed is ever used. The rules decide when a flaw is reported, and where.
/// </summary>
public sealed class RequestParameters
{
    private const int LongestState = 4096; // In bytes of UTF-8, because that is what its spelling in an address grows with.
    private const int LongestRedirectUri = 2048; // In characters, as those of the others.
    private const int LongestOther = 1024;

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _flaws = new(StringComparer.Ordinal);

    private RequestParameters()
    {
    }

    /// <summary>The well-formed parameters. One without a value counts as omitted (RFC 6749 §3.1).</summary>
    public IReadOnlyDictionary<string, string> Values => _values;

    /// <summary>
    /// The <c>state</c> to return unchanged with every answer that is redirected. Also one that is refused for its length or its
    /// characters, because the app needs it to know which of its requests failed. Null when it was sent not exactly once, or is not
    /// UTF-8.
    /// </summary>
    public string? ReturnableState { get; private set; }

    /// <summary>What is wrong with this parameter, as a sentence for the developer; null: nothing.</summary>
    public string? FlawOf(string name) => _flaws.GetValueOrDefault(name);

    /// <summary>What is wrong with the first flawed parameter, or null.</summary>
    public string? FirstFlaw => _flaws.Values.FirstOrDefault();

    /// <summary>Reads an encoded query or form body.</summary>
    /// <param name="own">The portal's own form fields, whose length has no limit.</param>
    public static RequestParameters Read(ReadOnlyMemory<byte> encoded, params IReadOnlyCollection<string> own)
    {
        var parameters = new RequestParameters();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, value) in FormDecoder.Pairs(encoded))
            parameters.Add(name, value, seen, isOwn: name is not null && own.Contains(name));
        return parameters;
    }

    private void Add(string? name, string? value, HashSet<string> seen, bool isOwn)
    {
        if (name is null || name.Any(char.IsControl) || name.Length > LongestOther)
        {
            _flaws.TryAdd("", OAuthErrors.UnreadableName);
            return;
        }

        if (!seen.Add(name))
        {
            _values.Remove(name);
            _flaws[name] = OAuthErrors.SentTwice(name);
            if (name == OpenIddictConstants.Parameters.State)
                ReturnableState = null;
            return;
        }

        if (name == OpenIddictConstants.Parameters.State && value is { Length: > 0 })
            ReturnableState = value;

        var (length, longest, unit) = name switch
        {
            OpenIddictConstants.Parameters.State => (Encoding.UTF8.GetByteCount(value ?? ""), LongestState, "bytes of UTF-8"),
            OpenIddictConstants.Parameters.RedirectUri => (value?.Length, LongestRedirectUri, "characters"),
            _ => (value?.Length, LongestOther, "characters"),
        };

        if (value is null)
            _flaws.Add(name, OAuthErrors.NotUtf8(name));
        else if (value.Any(char.IsControl))
            _flaws.Add(name, OAuthErrors.ControlCharacters(name));
        else if (length > longest && !isOwn)
            _flaws.Add(name, OAuthErrors.TooLong(name, length.Value, longest, unit));
        else if (value.Length > 0)
            _values.Add(name, value);
    }
}
