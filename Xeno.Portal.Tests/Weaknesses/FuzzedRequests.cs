using System.Text;
using CsCheck;

namespace Xeno.Portal.Tests.Weaknesses;

/// <summary>The addresses of the host, and values that a valid request may carry. The generator mixes them with invalid ones.</summary>
/// <param name="Paths">Every address of the host.</param>
/// <param name="Values">Valid values for the name of a parameter.</param>
/// <param name="Cookies">The Cookie headers of a browser that is signed in.</param>
internal sealed record FuzzedHost(
    string Authority,
    IReadOnlyList<string> Paths,
    IReadOnlyDictionary<string, string[]> Values,
    IReadOnlyList<string> Cookies,
    IReadOnlyList<string> Authorizations);

/// <summary>
/// Makes requests from valid, nearly valid and invalid parts. The same seed makes the same requests. No request asks for an event stream or
/// a WebSocket, because these stay open.
/// </summary>
internal sealed class FuzzedRequests
{
    /// <summary>A part of many values. An HTML page must show it escaped.</summary>
    public const string Marker = "<x'\"&>marker";

    private static readonly string[] s_garbage =
    [
        Marker, Marker, Marker, "\"" + Marker, "javascript:alert(1)//" + Marker, "\r\nX-Smuggled: 1", "\nX-Smuggled: 1", "\rX-Smuggled: 1",
        "%0d%0aX-Smuggled:%201", "\0", "a\0b", "\u001b[31m", "\u0085", "\u2028X-Smuggled: 1\u2029", "\uFEFF", "\u202E", "\uFFFD", "ü",
        "日本語", "😀", "\uD800", "e\u0301", "%", "%%", "%zz", "%u0041", "+", " ", "", "null", "undefined", "true", "-1", "0", "1e309",
        "99999999999999999999", "NaN", "[]", "{}", "[object Object]", "' OR 1=1 --", "\"; DROP TABLE Apps; --", "../../etc/passwd",
        "..\\..\\", "{0}", "{ClientId}", "${7*7}", "@(1+1)", "//evil.example", "https://evil.example/", "https://bücher.example/",
        "https://a;b@evil.example", "a=b&c=d", ";", ",", "\\", "\"", "'", "*", "?", "#", "CfDJ8", "!!!!", "AAAA====",
        new('x', 1025), new('x', 4097), new('ü', 2000), new('%', 500), new('0', 10_000), new('a', 30_000),
    ];

    private static readonly string[] s_methods =
    [
        "GET", "GET", "GET", "GET", "POST", "POST", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "get", "PROPFIND", "X",
    ];

    private static readonly string[] s_contentTypes =
    [
        "application/x-www-form-urlencoded", "application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=utf-8",
        "application/x-www-form-urlencoded;charset=nonsense", "multipart/form-data; boundary=b", "multipart/form-data",
        "multipart/form-data; boundary=\"" + "x", "application/json", "text/plain", "text/html", "nonsense", "", "/", ";",
        "application/grpc",
    ];

    private static readonly string[] s_headerValues =
    [
        "*/*", "text/html", "text/html,application/xhtml+xml;q=0.9", "application/json", "application/json;q=2", "text/", "br", "gzip;q=0",
        "identity;q=0, *;q=0", "en;q=x", "bytes=0-", "bytes=5-2", "bytes=-1", "bytes=0-0,1-1,2-2", "bytes=99999999999999999999-",
        "\"etag\"", "W/\"x\"", "*", "Thu, 01 Jan 1970 00:00:00 GMT", "Thu, 99 Foo", "https://app.example", "null", "file://", "https",
        "javascript", "http, https", "10.0.0.1", "10.0.0.1, nonsense", "[::1]:80", "999.999.999.999", "unknown", "_hidden",
        "for=\"[::1]\"", "GET", "authorization", "Basic", "Basic ====", "Basic Og==", "Basic " + "%", "Bearer", "Bearer  ", "Digest x=y",
        "keep-alive", "max-age=0", "no-cache", "x", "1", "100-continuation", Marker, "a\tb", new('v', 8000), "caf\u00e9", "\u00ff\u00fe",
        "=?utf-8?q?x?=",
    ];

    private static readonly string[] s_headerNames =
    [
        "Accept", "Accept-Encoding", "Accept-Language", "Accept-Charset", "Range", "If-Range", "If-None-Match", "If-Match",
        "If-Modified-Since", "If-Unmodified-Since", "Origin", "Referer", "User-Agent", "X-Forwarded-For", "X-Forwarded-Proto",
        "X-Forwarded-Host", "X-Forwarded-Prefix", "Forwarded", "X-Original-URL", "X-HTTP-Method-Override",
        "Access-Control-Request-Method", "Access-Control-Request-Headers", "Authorization", "Cookie", "Cache-Control", "Sec-Fetch-Site",
        "Sec-Fetch-Mode", "Content-Encoding", "Content-Language", "DNT", "TE", "Via", "X-Requested-With",
        "traceparent", "tracestate", "baggage", "Request-Id", "X-Request-Id", "blazor-enhanced-nav", "x", "X-Marker",
    ];

    private static readonly Dictionary<string, string[]> s_parameters = new(StringComparer.OrdinalIgnoreCase)
    {
        ["/oauth/authorize"] =
        [
            "client_id", "scope", "redirect_uri", "state", "response_type", "code_challenge", "code_challenge_method", "prompt",
            "response_mode", "decision", "consent_ticket", "__RequestVerificationToken", "login_asked", "request", "request_uri", "nonce",
        ],
        ["/oauth/token"] =
        [
            "client_id", "client_secret", "code", "redirect_uri", "grant_type", "code_verifier", "client_assertion",
            "client_assertion_type",
        ],
        ["/oauth/revoke"] = ["client_id", "client_secret", "token", "token_type_hint"],
        ["/oauth/introspect"] = ["client_id", "client_secret", "token", "token_type_hint"],
        ["/account/login"] = ["returnUrl", "_handler", "__RequestVerificationToken", "Input.Email", "Input.Password", "Input.RememberMe"],
        ["/account/register"] =
            ["returnUrl", "_handler", "__RequestVerificationToken", "Input.Email", "Input.Password", "Input.ConfirmPassword"],
        ["/account/logout"] = ["_handler", "__RequestVerificationToken", "returnUrl"],
        ["/playground/callback"] = ["code", "state", "iss", "error", "error_description", "error_uri"],
        ["/_blazor"] = ["id", "negotiateVersion"],
        ["/api"] = ["limit", "cursor", "access_token"],
        ["/apps"] = ["redirect_uri", "return_url", "__RequestVerificationToken"],
    };

    private static readonly string[] s_anyParameters =
    [
        .. s_parameters.Values.SelectMany(names => names)
            .Append(Marker).Append("").Append("%").Append("\0").Append("Input[0].Email").Append(new string('n', 3000)).Distinct(),
    ];

    private readonly FuzzedHost _host;
    private readonly PCG _random;
    private readonly Gen<FuzzedRequest> _requests;

    public FuzzedRequests(FuzzedHost host, ulong seed)
    {
        _host = host;
        _random = new PCG(1, seed);
        _requests = Requests();
    }

    public FuzzedRequest Next()
    {
        var seed = _random.ToString();
        return _requests.Generate(_random, null, out _) with { Seed = seed };
    }

    private Gen<FuzzedRequest> Requests() => Gen.OneOf(_host.Paths.ToArray()).SelectMany(path => Gen.Select(
        Gen.OneOf(s_methods), Spelled(path), Parameters(path), Parameters(path), Headers(), Body(),
        (method, spelled, query, form, headers, body) =>
        {
            var all = new List<(string, string)>(headers);
            string? content = null;
            if (method is "POST" or "PUT" or "PATCH")
            {
                all.Add(("Content-Type", body.ContentType));
                content = body.Raw ?? form;
            }

            var hasQuery = query.Length > 0 && (method != "POST" || query.Length % 3 == 0);
            return new FuzzedRequest("", method, hasQuery ? spelled + "?" + query : spelled, all, content);
        }));

    /// <summary>The address as it is, or in another spelling.</summary>
    private static Gen<string> Spelled(string path) => Gen.Frequency(
        (12, Gen.Const(path)),
        (1, Gen.Const(path + "/")),
        (1, Gen.Const(path.ToUpperInvariant())),
        (1, Gen.Const("/" + path)),
        (1, Gen.Const(path.Replace("/", "//", StringComparison.Ordinal))),
        (1, Gen.Const(path.Replace("a", "%61", StringComparison.Ordinal))),
        (1, Gen.Const(path + "/..")),
        (1, Gen.Const("/." + path)),
        (2, Gen.OneOf(s_garbage).Select(odd => path + "/" + Encoded(odd))),
        (1, Gen.OneOf(s_garbage).Select(odd => path + Encoded(odd))),
        (1, Gen.OneOf(
                "%00", "%0d%0aX-Smuggled:%201", "%2e%2e%2f", "%5c", "%c0%af", "%ff", "%e2%80%a8", "%", ";a=b", "%2f", "~", ".", "%20",
                "%zz")
            .Select(odd => path + odd)),
        (1, Gen.OneOf("\u00fc", "\u00ff\u00fe", "\\", "\"", "<x>", "|", "^", "{}", "\u0001", "\t").Select(odd => path + odd)));

    private Gen<string> Parameters(string path)
    {
        var own = s_parameters.Where(entry => path.StartsWith(entry.Key, StringComparison.OrdinalIgnoreCase))
            .SelectMany(entry => entry.Value).ToArray();
        var one = Gen
            .Frequency((own.Length == 0 ? 0 : 6, Gen.OneOf(own.Length == 0 ? s_anyParameters : own)), (1, Gen.OneOf(s_anyParameters)))
            .SelectMany(name => Gen.Select(Value(name), Gen.Frequency((12, 0), (1, 1), (1, 2)), (value, encoding) => encoding switch
            {
                0 => Encoded(name) + "=" + Encoded(value),
                1 => Encoded(name) + "=" + Visible(value),
                _ => Encoded(name),
            }));
        var some = one.Array[0, 6].Select(parts => string.Join('&', parts));
        if (own.Length == 0)
            return some;

        // All parameters of the endpoint, most of them valid: such a request passes the first checks.
        var whole = Gen.Select(Gen.ULong, one.Array[0, 2], (which, more) => (which, more)).SelectMany(chosen => own
            .Select(name => Gen.Frequency((9, Gen.OneOf(Valid(name))), (1, Value(name)))
                .Select(value => Encoded(name) + "=" + Encoded(value)))
            .Where((_, index) => (chosen.which >> index & 1) == 1 || index < 4)
            .Aggregate(
                Gen.Const(chosen.more.AsEnumerable()),
                (parts, part) => Gen.Select(parts, part, (before, next) => before.Append(next)))
            .Select(parts => string.Join('&', parts)));
        return Gen.Frequency((1, some), (1, whole));
    }

    private Gen<string> Value(string name) => Gen.Frequency(
        (4, Gen.OneOf(Valid(name))),
        (2, Gen.Select(
            Gen.OneOf(Valid(name)), Gen.OneOf("", " ", "\0", "\r\n", "x", "%", "/", "\u00e9", Marker), Gen.Bool,
            (valid, odd, before) => before ? odd + valid : valid + odd)),
        (1, Gen.OneOf(Valid(name)).Select(valid => valid.ToUpperInvariant())),
        (5, Gen.OneOf(s_garbage)),
        (1, Gen.String[0, 40]));

    private string[] Valid(string name) => _host.Values.TryGetValue(name, out var values) ? values : ["x"];

    private Gen<(string Name, string Value)[]> Headers()
    {
        var odd = Gen.Frequency((6, Gen.OneOf(s_headerNames)), (1, Gen.OneOf("Host", "Content-Type", "Accept", "Accept")))
            .SelectMany(name => Gen.OneOf(s_headerValues).Select(value => (name, value)));
        var cookies = Gen.OneOf(_host.Cookies.ToArray());
        return Gen.Select(
            Gen.Frequency((30, _host.Authority), (1, "evil.example"), (1, "localhost"), (1, "127.0.0.1:99999"), (1, "")),
            Gen.Frequency(
                (4, cookies), (2, Gen.Const("")), (1, Gen.OneOf(s_headerValues)),
                (1, cookies.Select(cookie => cookie.Replace("CfDJ8", "CfDJ9", StringComparison.Ordinal)))),
            Gen.Frequency((3, Gen.Const("")), (2, Gen.OneOf(_host.Authorizations.ToArray())), (1, Gen.OneOf(s_headerValues))),
            Gen.Frequency((3, "text/html"), (2, ""), (1, "application/json")),
            odd.Array[0, 3],
            ((string, string)[] (host, cookie, authorization, accept, others) =>
            [
                ("Host", host), .. Given("Cookie", cookie), .. Given("Authorization", authorization), .. Given("Accept", accept), .. others,
            ]));

        static (string, string)[] Given(string name, string value) => value.Length == 0 ? [] : [(name, value)];
    }

    private static Gen<(string ContentType, string? Raw)> Body() => Gen.Frequency(
        (6, Gen.Const(("application/x-www-form-urlencoded", (string?)null))),
        (1, Gen.OneOf(s_contentTypes).Select(type => (type, (string?)null))),
        (1, Gen.Const(("application/x-www-form-urlencoded", (string?)string.Concat(Enumerable.Range(0, 1100).Select(i => $"a{i}=&"))))),
        (1, Gen.Select(Gen.OneOf(s_contentTypes), Gen.OneOf(s_garbage), (type, raw) => (type, (string?)Bytes(raw)))),
        (1, Gen.Select(
            Gen.OneOf("client_id", "_handler", "__RequestVerificationToken", "redirect_uri"), Gen.OneOf(s_garbage),
            (name, value) => ("multipart/form-data; boundary=b", (string?)(
                $"--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{Bytes(value)}\r\n--b--\r\n")))));

    private static string Encoded(string text) => Uri.EscapeDataString(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)));

    /// <summary>Unchanged, except for the characters that would end the request line.</summary>
    private static string Visible(string text)
        => string.Concat(Bytes(text).Select(c => c is <= ' ' or '\x7f' ? "%" + ((int)c).ToString("X2", null) : c.ToString()));

    /// <summary>The UTF-8 bytes of the text, each as one character.</summary>
    private static string Bytes(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
}
