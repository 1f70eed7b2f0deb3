using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Weaknesses;

/// <summary>
/// Thousands of generated requests to every address of the host, on a real port. No answer is a 5xx or comes from an unhandled exception,
/// no answer repeats a part of the request unescaped, and every answer has its security headers. The requests are the same in each run;
/// <c>XENO_FUZZ_SEED</c> (a number) gives others and <c>XENO_FUZZ_REQUESTS</c> gives more, for example
/// <c>XENO_FUZZ_SEED=$RANDOM XENO_FUZZ_REQUESTS=200000</c>. A failure prints the whole request.
/// </summary>
public abstract class FuzzTests(PortalFactory portal, int usually)
{
    private const int BatchSize = 500;

    [Fact]
    public async Task Every_request_is_answered_safely()
    {
        var seed = ulong.Parse(Environment.GetEnvironmentVariable("XENO_FUZZ_SEED") ?? "20261125", CultureInfo.InvariantCulture);
        var asked = Environment.GetEnvironmentVariable("XENO_FUZZ_REQUESTS");
        var count = asked is null ? usually : int.Parse(asked, CultureInfo.InvariantCulture);
        portal.Settings["RateLimits:Enabled"] = "false";
        var origin = portal.Listen();
        var raw = new RawHttp(origin);
        var requests = new FuzzedRequests(await HostAsync(raw), seed);
        var seen = new ConcurrentDictionary<int, int>();
        var errors = ErrorsLogged();
        Assert.Empty(errors);

        for (var done = 0; done < count; done += BatchSize)
        {
            var batch = Enumerable.Range(0, BatchSize).Select(_ => requests.Next()).ToArray();
            var problems = new ConcurrentQueue<string>();
            await Parallel.ForEachAsync(batch, TestContext.Current.CancellationToken, async (request, cancellation) =>
            {
                var answer = await raw.SendAsync(request.ToBytes(), cancellation);
                seen.AddOrUpdate(answer?.Status ?? 0, 1, (_, number) => number + 1);
                if (FuzzedAnswer.Problem(request, answer) is { } problem)
                    problems.Enqueue($"{problem}\n\n{request}\n\n{answer?.Status} {string.Join('\n', answer?.Head ?? [])}");
            });

            var shown = string.Join("\n=====\n", problems.Take(5));
            Assert.True(
                problems.IsEmpty,
                $"{problems.Count} of the run with seed {seed}, among them:\n{shown}\n{string.Join('\n', ErrorsLogged())}");
            if (ErrorsLogged() is { Count: > 0 } logged)
                Assert.Fail($"{logged[0]}\n\nin the run with seed {seed}, by:\n{await CulpritAsync(raw, batch)}");
        }

        var statuses = string.Join(", ", seen.OrderBy(s => s.Key).Select(s => $"{s.Value}x {s.Key}"));
        TestContext.Current.SendDiagnosticMessage($"{count} requests with seed {seed}: {statuses}");
        Assert.True(seen.GetValueOrDefault(200) > count / 20, $"Too few requests were served, so too little was tested: {statuses}");
    }

    private List<string> ErrorsLogged()
        =>
        [
            .. portal.Log.Text.Split('\n').Where(line
                => line.StartsWith("Error ", StringComparison.Ordinal) || line.StartsWith("Critical ", StringComparison.Ordinal)),
        ];

    /// <summary>The request of a batch that makes the portal log an error.</summary>
    private async Task<string> CulpritAsync(RawHttp raw, FuzzedRequest[] batch)
    {
        foreach (var request in batch)
        {
            var before = ErrorsLogged().Count;
            await raw.SendAsync(request.ToBytes(), TestContext.Current.CancellationToken);
            if (ErrorsLogged().Count > before)
                return request.ToString();
        }

        return "none of the batch alone";
    }

    private async Task<FuzzedHost> HostAsync(RawHttp raw)
    {
        var (account, other) = (await portal.AccountAsync(), await portal.AccountAsync());
        var app = await portal.AppAsync(account, "https://app.example/callback", "http://127.0.0.1/cb");
        var theirs = await portal.AppAsync(other, "https://app.example/callback");
        var publicApp = await portal.PublicAppAsync(account, "com.example.app:/cb");
        var rp = new RelyingParty(portal, app);
        var (cookies, anonymousCookies) = (new CookieContainer(), new CookieContainer());
        using var browser = await portal.ClientAsync(raw.Origin, account, cookies);
        using var anonymous = await portal.ClientAsync(raw.Origin, cookies: anonymousCookies);
        var redirectUri = ("redirect_uri", (string?)"https://app.example/callback");
        using var exchanged = await anonymous.PostAsync("/oauth/token", new FormUrlEncodedContent(
        [
            new("client_id", app.ClientId), new("client_secret", app.Secret!), new("redirect_uri", redirectUri.Item2!),
            new("code", await rp.CodeAsync(browser, redirectUri, ("scope", "widgets faqs contacts conversations"), ("prompt", "consent"))),
        ]));
        var token = JsonDocument.Parse(await exchanged.Content.ReadAsStringAsync()).RootElement.GetProperty("access_token").GetString()!;
        var code = await rp.CodeAsync(browser, redirectUri);

        var consentPage = await browser.GetAsync(rp.AuthorizeUrl(redirectUri, ("prompt", "consent"), ("state", "s")));
        var consent = (await consentPage.PageAsync()).FieldsOfForm("/oauth/authorize");
        var login = (await (await browser.GetAsync("/account/login?again=true")).PageAsync()).HiddenFields();
        var anonymousLogin = (await (await anonymous.GetAsync("/account/login")).PageAsync()).HiddenFields();
        var values = new Dictionary<string, string[]>(StringComparer.Ordinal)
        {
            ["client_id"] = [app.ClientId, app.ClientId, theirs.ClientId, publicApp.ClientId, "xa_unknown"],
            ["client_secret"] = [app.Secret!, app.Secret!, theirs.Secret!],
            ["redirect_uri"] =
            [
                "https://app.example/callback", "https://app.example/callback", "http://127.0.0.1:5000/cb", "com.example.app:/cb",
                "https://new.example/cb",
            ],
            ["scope"] = ["widgets", "brands contacts", "widgets faqs contacts conversations", "openid"],
            ["state"] = ["s", "a b&c", FuzzedRequests.Marker],
            ["response_type"] = ["code"],
            ["response_mode"] = ["query"],
            ["grant_type"] = ["authorization_code", "refresh_token"],
            ["code"] = [code, "x"],
            ["token"] = [token, "0", new string('0', 64)],
            ["token_type_hint"] = ["access_token", "refresh_token"],
            ["code_verifier"] = ["dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"],
            ["code_challenge"] = ["E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"],
            ["code_challenge_method"] = ["S256", "plain"],
            ["prompt"] = ["consent", "login", "none", "login consent"],
            ["decision"] = ["allow", "cancel"],
            ["consent_ticket"] = [consent["consent_ticket"]],
            ["__RequestVerificationToken"] =
            [
                consent["__RequestVerificationToken"], login["__RequestVerificationToken"], anonymousLogin["__RequestVerificationToken"],
            ],
            ["_handler"] = ["login", "register", "logout"],
            ["Input.Email"] = ["a@example.com", "not an address", ""],
            ["Input.Password"] = ["short"],
            ["Input.ConfirmPassword"] = ["short", "other"],
            ["Input.RememberMe"] = ["true", "false", "maybe"],
            ["returnUrl"] =
            [
                "/installed", "/oauth/authorize?client_id=x&redirect_uri=https%3A%2F%2Fapp.example%2Fcb", "//evil.example",
            ],
            ["return_url"] = ["/oauth/authorize?client_id=x", "/apps"],
            ["limit"] = ["1", "100", "0"],
            ["cursor"] = ["AAAAAAAAAAAAAAAAAAAAAA"],
            ["iss"] = [raw.Authority],
            ["error"] = ["access_denied"],
            ["error_uri"] = ["/docs/errors#access_denied"],
            ["negotiateVersion"] = ["1"],
        };
        var basic = Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes($"{app.ClientId}:{app.Secret}"));
        var controlled = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{app.ClientId}:a%0D%0A\0{FuzzedRequests.Marker}"));
        string[] authorizations =
        [
            "Bearer " + token, "Bearer " + token, "Bearer " + token[..^1], "Bearer " + FuzzedRequests.Marker, "Basic " + basic,
            "Basic " + controlled,
        ];
        return new FuzzedHost(
            raw.Authority, Addresses(app, theirs), values, [CookieOf(cookies), CookieOf(cookies), CookieOf(anonymousCookies)],
            authorizations);

        string CookieOf(CookieContainer jar) => jar.GetCookieHeader(new Uri(raw.Origin));
    }

    /// <summary>Every address: the mapped ones, and those that the API's branch, the engine and the health checks answer.</summary>
    private string[] Addresses(GivenApp app, GivenApp theirs)
    {
        var mapped = portal.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Select(endpoint => "/" + endpoint.RoutePattern.RawText!.TrimStart('/'))
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        var pages = mapped.Where(address => !IsFile(address)).ToArray();
        var files = mapped.Where(IsFile).ToArray();

        string[] others =
        [
            "/oauth/token", "/oauth/revoke", "/oauth/introspect", "/oauth/authorize", "/oauth/nothing",
            "/.well-known/oauth-authorization-server", "/.well-known/openid-configuration", "/.well-known/jwks",
            "/api/v1/me", "/api/v1/widgets", "/api/v1/brands", "/api/v1/faqs", "/api/v1/contacts", "/api/v1/conversations", "/api/v1",
            "/api", "/api/v2/me", "/health/live", "/health/ready", "/health", "/nothing", "/favicon.ico",
        ];
        return
        [
            .. Filled(pages), .. Filled(pages), .. others, .. others, "/oauth/authorize", "/oauth/authorize", "/oauth/token",
            "/oauth/token", "/account/login", "/account/register",
            .. files.Where((_, index) => index % Math.Max(1, files.Length / 20) == 0),
        ];

        static bool IsFile(string address)
            => address.Split('/')[^1].Contains('.', StringComparison.Ordinal)
                && !address.Contains("well-known", StringComparison.Ordinal);

        IEnumerable<string> Filled(IEnumerable<string> patterns)
            => patterns.SelectMany(pattern => pattern.Contains('{', StringComparison.Ordinal)
                ? new[] { app.ClientId, theirs.ClientId, "nothing" }
                    .Select(value => System.Text.RegularExpressions.Regex.Replace(pattern, "{[^}]*}", value))
                : [pattern]);
    }
}

/// <summary>What may be wrong with an answer.</summary>
internal static class FuzzedAnswer
{
    private static readonly string[] s_unescaped = ["<x'", "x'\"&", "\"&>marker", "'\"&>"];

    /// <summary>What is wrong with the answer; null when nothing is.</summary>
    public static string? Problem(FuzzedRequest request, RawAnswer? answer)
    {
        if (answer is null)
            return "No answer.";
        if (answer.Status >= 500)
            return $"The answer is {answer.Status}.";
        if (answer.Head.FirstOrDefault(line => !IsHeader(line)) is { } broken)
            return $"Not a header: {broken}";
        if (answer["X-Smuggled"] is not null
            || answer.Values("Set-Cookie").Any(cookie => cookie.Contains("smuggled", StringComparison.OrdinalIgnoreCase)))
            return "A header came in with the request.";

        // A request that the server itself refuses to read never reaches the portal, and is answered without a body.
        var isUnread = answer.Status is >= 400 and < 500 && answer["X-Request-Id"] is null;
        if (isUnread)
            return answer.Body.Length == 0 ? null : "An answer without a request id says something.";

        foreach (var (name, expected) in new[] { ("X-Frame-Options", "DENY"), ("X-Content-Type-Options", "nosniff") })
            if (answer.Values(name).ToArray() is not [var value] || value != expected)
                return $"{name} is not {expected}.";
        if (answer.Values("Content-Security-Policy").ToArray() is not [var policy]
            || !policy.EndsWith("frame-ancestors 'none'", StringComparison.Ordinal)
            || policy.Split(';').Length is var parts && parts is not (2 or 9 or 10)
            || policy.Contains("form-action 'self';", StringComparison.Ordinal) != (parts == 10)) // Not on the way to an app.
            return "The Content-Security-Policy is not that of the portal.";
        if (answer["Referrer-Policy"] is not ("no-referrer" or "same-origin"))
            return "There is no Referrer-Policy.";
        if (answer["Server"] is not null)
            return "The server names its software.";

        var type = answer["Content-Type"] ?? "";
        if (type.StartsWith("text/html", StringComparison.Ordinal)
            && s_unescaped.FirstOrDefault(part => answer.Text.Contains(part, StringComparison.Ordinal)) is { } part)
            return $"Not escaped: …{answer.Text.Substring(Math.Max(0, answer.Text.IndexOf(part, StringComparison.Ordinal) - 100), 150)}";
        if (type.Contains("json", StringComparison.Ordinal) && request.Method != "HEAD" && answer.Status != 304 && !IsJson(answer.Text))
            return $"Not JSON: {answer.Text}";
        return null;
    }

    private static bool IsHeader(string line)
        => line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon
            && line[..colon].All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
            && line.All(c => c is >= ' ' and <= '~');

    private static bool IsJson(string text)
    {
        try
        {
            JsonDocument.Parse(text).Dispose();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

[Trait("Category", "Operations")]
public sealed class FuzzOnSqlite(PortalFactory portal) : FuzzTests(portal, usually: 10_000), IClassFixture<PortalFactory>;

[Trait("Category", "Operations")]
public sealed class FuzzOnPostgreSql(PostgreSqlPortal portal) : FuzzTests(portal, usually: 3_000), IClassFixture<PostgreSqlPortal>;
