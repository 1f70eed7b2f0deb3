using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xeno.Portal.Accounts;
using Xeno.Portal.Api;
using Xeno.Portal.Data.Apps;
using Xeno.Portal.Grants;
using Xeno.Portal.OAuth;
using Xeno.Portal.Scopes;
using Xeno.Portal.Tests.Support;
using static Xeno.Portal.Tests.Support.GivenApps;

namespace Xeno.Portal.Tests.OAuth;

/// <summary>An error as an app, or its developer at the error page, reads it.</summary>
/// <param name="Uri">Where the answer says that the error is explained.</param>
internal sealed record SeenError(int Status, string? Error, string? Description, string? Uri)
{
    public static SeenError OfRedirect(HttpResponseMessage response)
    {
        var query = response.RedirectQuery();
        return new SeenError((int)response.StatusCode, query.GetValueOrDefault("error"), query.GetValueOrDefault("error_description"),
            query.GetValueOrDefault("error_uri"));
    }

    public static async Task<SeenError> OfPageAsync(HttpResponseMessage response)
    {
        var developer = (await response.PageAsync()).QuerySelector("section[aria-labelledby=developer]");
        return new SeenError((int)response.StatusCode, developer?.QuerySelector("dd code")?.TextContent,
            developer?.QuerySelector("p")?.TextContent, developer?.QuerySelector("dd a")?.GetAttribute("href"));
    }

    /// <summary>RFC 6749 §5.2.</summary>
    public static SeenError OfJson(JsonAnswer answer)
        => new((int)answer.Status, answer["error"], answer["error_description"], answer["error_uri"]);

    /// <summary>RFC 9457.</summary>
    public static SeenError OfProblem(JsonAnswer answer)
        => new((int)answer.Status, answer["error"], answer["detail"], answer["type"]);
}

/// <summary>One error of the server, and how an app gets it over HTTP.</summary>
/// <param name="Source">The text as the code writes it, for example <c>OAuthErrors.MissingCode</c>.</param>
internal sealed record ProvokedError(
    string Place, int Status, string Error, string Text, string Source, Func<PortalFactory, Task<SeenError>> ProvokeAsync)
{
    public string Name => $"{Place}: {Source}";
}

/// <summary>Every error of authorize, token, revoke, introspect and the API that a request can provoke.</summary>
internal static partial class ProvokedErrors
{
    private const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    private const string Challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    private const string Authorize = "/oauth/authorize", Token = "/oauth/token", Revoke = "/oauth/revoke", Introspect = "/oauth/introspect";

    // Each limit of the API, and whether it counts calls with a valid token.
    private static readonly (string Setting, bool IsValid)[] s_apiLimits
        = [("RateLimits:ApiCallsPerAppAndAccount", true), ("RateLimits:RefusedApiCallsPerAddress", false)];

    public static IReadOnlyList<ProvokedError> All { get; } =
    [
        .. Redirected(), .. OnThePage(), .. AtToken(), .. AtEachFormEndpoint(Token), .. AtEachFormEndpoint(Revoke),
        .. AtEachFormEndpoint(Introspect), .. AtOneFormEndpoint(), .. OfTheApi(), .. OfTheRouter(),
    ];

    private static IEnumerable<ProvokedError> Redirected()
    {
        yield return Sent("invalid_request", OAuthErrors.SentTwice("state"), "&state=a&state=b");
        yield return Sent("invalid_request", OAuthErrors.NotUtf8("state"), "&state=%FF");
        yield return Sent("invalid_request", OAuthErrors.ControlCharacters("state"), "&state=a%0Ab");
        yield return Sent(
            "invalid_request", OAuthErrors.TooLong("state", 4097, 4096, "bytes of UTF-8"), "&state=" + new string('x', 4097));
        yield return Sent("invalid_request", OAuthErrors.UnreadableName, "&%FF=x");
        yield return Sent("unsupported_response_type", OAuthErrors.UnsupportedResponseType("token"), "&response_type=token");
        yield return Sent("invalid_request", OAuthErrors.UnsupportedResponseMode("fragment"), "&response_mode=fragment");
        yield return Sent("invalid_request", OAuthErrors.RequestObjectsNotTaken, "&request=x");
        yield return Sent("invalid_request", OAuthErrors.RequestObjectsNotTaken, "&request_uri=x");
        yield return Sent("invalid_request", OAuthErrors.MethodWithoutChallenge, "&code_challenge_method=S256");
        yield return Sent(
            "invalid_request", OAuthErrors.UnsupportedChallengeMethod(null), "&code_challenge=" + Challenge);
        yield return Sent("invalid_request", OAuthErrors.UnsupportedChallengeMethod("plain"),
            $"&code_challenge={Challenge}&code_challenge_method=plain");
        yield return Sent(
            "invalid_request", OAuthErrors.ChallengeMalformed, "&code_challenge=short&code_challenge_method=S256");
        yield return Sent("invalid_request", OAuthErrors.PromptNoneAlone, "&prompt=none%20login");
        yield return Sent("consent_required", OAuthErrors.ConsentRequired, "&prompt=none");
        yield return Scope(OAuthErrors.MissingScope, null);
        yield return Scope(OAuthErrors.MissingScope, "");
        yield return Scope(OAuthErrors.OfflineAccessAlone, "offline_access");
        yield return Scope(OAuthErrors.NoOpenIdConnect, "openid widgets");
        yield return Scope(OAuthErrors.ScopeSpelling("widgets contacts"), "widgets,contacts");
        yield return Scope(OAuthErrors.UnknownScope(["everything"]), "everything");
        yield return Scope(OAuthErrors.UnknownScope(["every", "thing"]), "every widgets thing");

        yield return Of(Authorize, 302, "unauthorized_client", OAuthErrors.AppSuspended, async portal =>
        {
            var (rp, browser) = await portal.AppAndBrowserAsync();
            await ChangeAppAsync(portal, rp, app => app.SuspendedAt = portal.Time.GetUtcNow());
            return SeenError.OfRedirect(await browser.GetAsync(rp.AuthorizeUrl()));
        });
        yield return Of(Authorize, 302, "invalid_request", OAuthErrors.ChallengeRequired, async portal =>
        {
            var (rp, browser) = await PublicAppAndBrowserAsync(portal);
            return SeenError.OfRedirect(await browser.GetAsync(rp.AuthorizeUrl()));
        });
        yield return Of(Authorize, 302, "login_required", OAuthErrors.LoginRequired, async portal =>
        {
            var (rp, _) = await portal.AppAndBrowserAsync();
            return SeenError.OfRedirect(await portal.Browser().GetAsync(rp.AuthorizeUrl(("prompt", "none"))));
        });
        yield return Of(Authorize, 303, "access_denied", OAuthErrors.AccessDenied, async portal =>
        {
            var (rp, browser) = await portal.AppAndBrowserAsync();
            return SeenError.OfRedirect(await RelyingParty.DecideAsync(browser, rp.AuthorizeUrl(), "cancel"));
        });
        yield return WithOne("OAuth:TokensPerAppAndAccount", Authorize, 302, "access_denied", OAuthErrors.TooManyTokens(1),
            async portal =>
            {
                var (rp, browser) = await portal.AppAndBrowserAsync();
                await rp.InstallAsync(browser);
                return SeenError.OfRedirect(await browser.GetAsync(rp.AuthorizeUrl()));
            });
    }

    private static IEnumerable<ProvokedError> OnThePage()
    {
        yield return Page("invalid_request", OAuthErrors.MissingClientId, _ => "?scope=widgets");
        yield return Page("invalid_request", OAuthErrors.SentTwice("client_id"), _ => "?client_id=a&client_id=b");
        yield return Page("invalid_client", OAuthErrors.UnknownClient, _ => "?client_id=xa_unknown&scope=widgets");
        yield return Page("invalid_request", OAuthErrors.PackedUnreadable, _ => "?packed=iwqA");
        yield return Page("invalid_request", OAuthErrors.UnregisteredRedirectUri(null), rp => Query(rp, "https://other.example/"));
        yield return Page("invalid_request",
            OAuthErrors.UnregisteredRedirectUri("it has a slash at the end. Leave the slash out."), rp => Query(rp, Callback + "/"));
        yield return Page("invalid_request", OAuthErrors.TooLong("redirect_uri", 2049, 2048, "characters"),
            rp => Query(rp, Callback.PadRight(2049, 'x')));
        yield return Page("invalid_request", OAuthErrors.MissingRedirectUri, rp => Query(rp, null),
            [Callback, Callback + "2"]);

        yield return Of(Authorize, 400, "invalid_request", OAuthErrors.NoRedirectUriRegistered, async portal =>
        {
            var (rp, browser) = await portal.AppAndBrowserAsync();
            await ChangeAppAsync(portal, rp, app => app.RedirectUris = null);
            return await SeenError.OfPageAsync(await browser.GetAsync(rp.AuthorizeUrl()));
        });
        yield return PageOfPost(OAuthErrors.WrongContentType("text/plain; charset=utf-8"), () => new StringContent("client_id=x"));
        yield return PageOfPost(OAuthErrors.BodyTooLarge, () => new FormUrlEncodedContent([new("state", new string('x', 70_000))]));
    }

    private static IEnumerable<ProvokedError> AtToken()
    {
        yield return Exchanged(400, "unsupported_grant_type", OAuthErrors.UnsupportedGrantType("password"), ("grant_type", "password"));
        yield return Exchanged(400, "invalid_request", OAuthErrors.MissingCode, ("code", null));
        yield return Exchanged(400, "invalid_grant", OAuthErrors.UnknownCode, ("code", "unknown"));
        yield return Exchanged(400, "invalid_request", OAuthErrors.VerifierNotWanted, ("code_verifier", Verifier));
        yield return Exchanged(400, "invalid_grant", OAuthErrors.RedirectUriDiffersAtToken(null),
            ("redirect_uri", "https://other.example/"));
        yield return Exchanged(400, "invalid_grant",
            OAuthErrors.RedirectUriDiffersAtToken("it has a slash at the end. Leave the slash out."), ("redirect_uri", Callback + "/"));
        yield return Exchanged(400, "invalid_request", OAuthErrors.ControlCharacters("code"), ("code", "a\nb"));
        yield return Exchanged(400, "invalid_request", OAuthErrors.TooLong("code", 1025, 1024, "characters"),
            ("code", new string('x', 1025)));
        yield return Proved(OAuthErrors.VerifierMissing, "invalid_request", null);
        yield return Proved(OAuthErrors.VerifierLength(5), "invalid_grant", "short");
        yield return Proved(OAuthErrors.VerifierCharacters, "invalid_grant", Verifier + "!");
        yield return Proved(OAuthErrors.VerifierWrong, "invalid_grant", Verifier + "x");

        yield return Coded("invalid_grant", OAuthErrors.CodeUsed, async (_, rp, code) => await rp.ExchangeAsync(code));
        yield return Coded("invalid_grant", OAuthErrors.CodeReplayed, async (portal, rp, code) =>
        {
            await rp.ExchangeAsync(code);
            portal.Time.Advance(TimeSpan.FromMinutes(1));
        });
        yield return Coded("invalid_grant", OAuthErrors.CodeUsedAndTokenEnded, async (portal, rp, code) =>
        {
            await rp.RevokeAsync((await rp.ExchangeAsync(code))["access_token"]!);
            portal.Time.Advance(TimeSpan.FromMinutes(1));
        });
        yield return Coded("invalid_grant", OAuthErrors.CodeExpired, (portal, _, _) =>
        {
            portal.Time.Advance(TimeSpan.FromMinutes(5));
            return Task.CompletedTask;
        });
        yield return Coded("invalid_grant", OAuthErrors.RedirectUriRemoved, (portal, rp, _)
            => ChangeAppAsync(portal, rp, app => app.RedirectUris = """["https://app.example/new"]"""));
        yield return Coded("unauthorized_client", OAuthErrors.AppSuspended, (portal, rp, _)
            => ChangeAppAsync(portal, rp, app => app.SuspendedAt = portal.Time.GetUtcNow()));

        yield return Of(Token, 400, "invalid_request", OAuthErrors.RedirectUriMissingAtToken, async portal =>
        {
            var (rp, browser) = await portal.AppAndBrowserAsync();
            return SeenError.OfJson(await rp.ExchangeAsync(await rp.CodeAsync(browser, ("redirect_uri", Callback))));
        });
        yield return Of(Token, 400, "invalid_grant", OAuthErrors.CodeOfAnotherClient, async portal =>
        {
            var (rp, browser) = await portal.AppAndBrowserAsync();
            var (other, _) = await portal.AppAndBrowserAsync();
            return SeenError.OfJson(await other.ExchangeAsync(await rp.CodeAsync(browser)));
        });
        yield return OfAccount(OAuthErrors.CodeRevoked, (services, account, rp)
            => services.GetRequiredService<GrantEnding>().UninstallAsync(account.Id, rp.App.ClientId));
        yield return OfAccount(OAuthErrors.AccountSuspended, (services, account, _)
            => services.GetRequiredService<AccountModeration>().SuspendAsync(account.Id));
    }

    /// <summary>What token, revoke and introspect have in common: how a form is read, and how a client authenticates.</summary>
    private static IEnumerable<ProvokedError> AtEachFormEndpoint(string path)
    {
        yield return Posted(path, 400, "invalid_request", OAuthErrors.MissingClientId, ("client_id", null));
        yield return Posted(path, 401, "invalid_client", OAuthErrors.UnknownClient, ("client_id", "xa_unknown"));
        yield return Posted(path, 401, "invalid_client", OAuthErrors.MissingSecret, ("client_secret", null));
        yield return Posted(path, 401, "invalid_client", OAuthErrors.WrongSecret, ("client_secret", "wrong"));
        yield return Posted(path, 401, "invalid_client", OAuthErrors.AssertionsNotTaken, ("client_assertion", "x"));

        yield return Authenticated(path, 401, "invalid_client", OAuthErrors.BasicMalformed, _ => ["Basic !"]);
        yield return Authenticated(path, 400, "invalid_request", OAuthErrors.TwoAuthentications, rp => [Basic(rp.App.ClientId, "x")]);
        yield return Authenticated(path, 400, "invalid_request", OAuthErrors.TwoAuthentications, _ => ["Basic x", "Basic y"]);
        yield return Authenticated(
            path, 400, "invalid_request", OAuthErrors.TwoClients, _ => [Basic("xa_other", "x")], sendsSecret: false);

        yield return Requested(path, 405, "invalid_request", OAuthErrors.PostOnly, HttpMethod.Get);
        yield return Requested(path, 400, "invalid_request", OAuthErrors.InQueryString("token"), HttpMethod.Post, "?token=x", Form("a=b"));
        yield return Requested(
            path, 400, "invalid_request", OAuthErrors.InQueryString("client_id"), HttpMethod.Post, "?client_id=x", Form("a=b"));
        yield return Requested(path, 400, "invalid_request", OAuthErrors.WrongContentType(null), HttpMethod.Post);
        yield return Requested(path, 400, "invalid_request", OAuthErrors.WrongContentType("application/json"), HttpMethod.Post, "",
            () => new StringContent("{}", new MediaTypeHeaderValue("application/json")));
        yield return Requested(
            path, 413, "invalid_request", OAuthErrors.BodyTooLarge, HttpMethod.Post, "", Form("code=" + new string('x', 70_000)));
        yield return Requested(
            path, 400, "invalid_request", OAuthErrors.SentTwice("token"), HttpMethod.Post, "", Form("token=a&token=b"));
        yield return Requested(path, 400, "invalid_request", OAuthErrors.NotUtf8("token"), HttpMethod.Post, "", Form("token=%FF"));
        yield return Requested(path, 400, "invalid_request", OAuthErrors.UnreadableName, HttpMethod.Post, "", Form("%FF=a"));

        yield return WithOne("RateLimits:ProtocolRequestsPerAddress", path, 429, "temporarily_unavailable",
            OAuthErrors.TooManyRequests(TimeSpan.FromSeconds(60)), TwoWrongSecretsAsync);
        yield return WithOne("RateLimits:ProtocolRequestsPerApp", path, 429, "temporarily_unavailable",
            OAuthErrors.TooManyRequests(TimeSpan.FromSeconds(60)), TwoOfOneAppAsync);
        yield return WithOne("RateLimits:WrongSecretsPerAppAndAddress", path, 429, "temporarily_unavailable",
            OAuthErrors.TooManyWrongSecrets(TimeSpan.FromMinutes(5)), TwoWrongSecretsAsync);

        async Task<SeenError> TwoWrongSecretsAsync(PortalFactory portal)
        {
            var (rp, _) = await portal.AppAndBrowserAsync();
            await PostAsync(rp, path, ("client_secret", "wrong"));
            return SeenError.OfJson(await PostAsync(rp, path, ("client_secret", "wrong")));
        }

        async Task<SeenError> TwoOfOneAppAsync(PortalFactory portal)
        {
            var (rp, browser) = await portal.AppAndBrowserAsync();
            var token = await rp.InstallAsync(browser);
            var code = await rp.CodeAsync(browser);
            return SeenError.OfJson(await rp.PostAsync(
                path, [("client_id", rp.App.ClientId), ("client_secret", rp.App.Secret), ("code", code), ("token", token)]));
        }
    }

    private static IEnumerable<ProvokedError> AtOneFormEndpoint()
    {
        foreach (var path in (string[])[Revoke, Introspect])
            yield return Posted(path, 400, "invalid_request", OAuthErrors.MissingToken, ("token", null));
        foreach (var path in (string[])[Token, Revoke])
            yield return Of(path, 401, "invalid_client", OAuthErrors.SecretNotWanted, async portal =>
            {
                var (rp, _) = await PublicAppAndBrowserAsync(portal);
                return SeenError.OfJson(await rp.PostAsync(
                    path, [("client_id", rp.App.ClientId), ("client_secret", "x"), ("code", "x"), ("token", "x")]));
            });
        yield return Of(Introspect, 401, "invalid_client", OAuthErrors.AuthenticationNeeded, async portal =>
        {
            var (rp, _) = await PublicAppAndBrowserAsync(portal);
            return SeenError.OfJson(await rp.IntrospectAsync("x"));
        });

        // Only a server on a real connection meets a body that ends too early.
        yield return Of(Token, 400, "invalid_request", OAuthErrors.BodyUnreadable, async _ =>
        {
            await using var portal = new ListeningPortal();
            var answer = await new RawHttp(portal.Origin).SendAsync(
                "POST /oauth/token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                + "Transfer-Encoding: chunked\r\n\r\nno-size\r\n", TestContext.Current.CancellationToken);
            using var response = new HttpResponseMessage((System.Net.HttpStatusCode)answer!.Status);
            return SeenError.OfJson(new JsonAnswer(response, answer.Text));
        });
    }

    private static IEnumerable<ProvokedError> OfTheApi()
    {
        yield return Called(401, "invalid_token", ApiRefusals.NoToken.Description, _ => []);
        yield return Called(401, "invalid_token", ApiRefusals.InvalidToken.Description, _ => ["Bearer unknown"]);
        yield return Called(400, "invalid_request", ApiRefusals.SeveralTokens.Description, _ => ["Bearer a", "Bearer b"]);
        yield return Called(
            400, "invalid_request", ApiRefusals.TokenInQuery.Description, _ => [], PortalUrls.ApiMe + "?access_token=x");
        yield return Called(403, "insufficient_scope", ApiRefusals.InsufficientScope(ScopeCatalog.Contacts).Description,
            token => [$"Bearer {token}"], "/api/v1/contacts");
        yield return Called(404, "not_found", "No API method has this address. Compare it with the docs.", _ => [], "/api/v1/nothing");
        yield return Called(405, "method_not_allowed", "This address does not take PUT. Send GET.", _ => [], method: HttpMethod.Put);
        yield return Called(400, "invalid_request", "The parameter limit must be one number from 1 to 100.",
            token => [$"Bearer {token}"], "/api/v1/widgets?limit=0");
        yield return Called(400, "invalid_request",
            "The parameter cursor is none of ours. Send the next_cursor of the page before, unchanged.",
            token => [$"Bearer {token}"], "/api/v1/widgets?cursor=x");

        foreach (var (setting, isValid) in s_apiLimits)
            yield return WithOne(setting, "the API", 429, "too_many_requests",
                "Wait a minute (the header Retry-After has the seconds), then spread the calls out.", async portal =>
                {
                    var (rp, browser) = await portal.AppAndBrowserAsync();
                    var token = isValid ? await rp.InstallAsync(browser) : "unknown";
                    await rp.CallAsync(token);
                    return SeenError.OfProblem(await rp.CallAsync(token));
                });
    }

    /// <summary>Addresses and methods that no endpoint takes.</summary>
    private static IEnumerable<ProvokedError> OfTheRouter()
    {
        foreach (var path in (string[])["/oauth", "/oauth/nothing", "/.well-known/nothing"])
            yield return Requested(path, 404, "not_found",
                "There is nothing at this address. Take the addresses from the server's metadata, "
                + "/.well-known/oauth-authorization-server.", HttpMethod.Get);
        yield return Requested(Authorize, 405, "invalid_request", "This address does not take PUT. Send GET or POST.", HttpMethod.Put);
        foreach (var path in (string[])[PortalUrls.ServerMetadata, PortalUrls.OriginMetadata, PortalUrls.ApiMetadata])
            yield return Requested(path, 405, "invalid_request", "This address does not take POST. Send GET.", HttpMethod.Post);
    }

    private static ProvokedError Sent(
        string error, string text, string query, [CallerArgumentExpression(nameof(text))] string source = "")
        => Of(Authorize, 302, error, text, async portal =>
        {
            var (rp, browser) = await portal.AppAndBrowserAsync();
            return SeenError.OfRedirect(await browser.GetAsync(rp.AuthorizeUrl() + query));
        }, source);

    private static ProvokedError Scope(string text, string? scope, [CallerArgumentExpression(nameof(text))] string source = "")
        => Of(Authorize, 302, "invalid_scope", text, async portal =>
        {
            var (rp, browser) = await portal.AppAndBrowserAsync();
            return SeenError.OfRedirect(await browser.GetAsync(rp.AuthorizeUrl(("scope", scope))));
        }, source);

    private static ProvokedError Page(string error, string text, Func<RelyingParty, string> query, string[]? redirectUris = null,
        [CallerArgumentExpression(nameof(text))] string source = "")
        => Of(Authorize, 400, error, text, async portal =>
        {
            var (rp, browser) = await portal.AppAndBrowserAsync(redirectUris ?? []);
            return await SeenError.OfPageAsync(await browser.GetAsync(Authorize + query(rp)));
        }, source);

    private static ProvokedError PageOfPost(
        string text, Func<HttpContent> content, [CallerArgumentExpression(nameof(text))] string source = "")
        => Of(Authorize, 400, "invalid_request", text, async portal =>
        {
            using var body = content();
            return await SeenError.OfPageAsync(await portal.Browser().PostAsync(Authorize, body));
        }, source);

    /// <summary>A code is exchanged, with one parameter changed.</summary>
    private static ProvokedError Exchanged(int status, string error, string text, (string Name, string? Value) changed,
        [CallerArgumentExpression(nameof(text))] string source = "")
        => Of(Token, status, error, text, async portal =>
        {
            var (rp, browser) = await portal.AppAndBrowserAsync();
            return SeenError.OfJson(await rp.ExchangeAsync(await rp.CodeAsync(browser), changed));
        }, source);

    /// <summary>A code that has a challenge is exchanged.</summary>
    private static ProvokedError Proved(
        string text, string error, string? verifier, [CallerArgumentExpression(nameof(text))] string source = "")
        => Of(Token, 400, error, text, async portal =>
        {
            var (rp, browser) = await PublicAppAndBrowserAsync(portal);
            var code = await rp.CodeAsync(browser, ("code_challenge", Challenge), ("code_challenge_method", "S256"));
            return SeenError.OfJson(await rp.ExchangeAsync(code, ("code_verifier", verifier)));
        }, source);

    /// <summary>Something happens between the code and its exchange.</summary>
    private static ProvokedError Coded(string error, string text, Func<PortalFactory, RelyingParty, string, Task> betweenAsync,
        [CallerArgumentExpression(nameof(text))] string source = "")
        => Of(Token, 400, error, text, async portal =>
        {
            var (rp, browser) = await portal.AppAndBrowserAsync();
            var code = await rp.CodeAsync(browser);
            await betweenAsync(portal, rp, code);
            return SeenError.OfJson(await rp.ExchangeAsync(code));
        }, source);

    /// <summary>Something happens to the account between the code and its exchange.</summary>
    private static ProvokedError OfAccount(string text, Func<IServiceProvider, GivenAccount, RelyingParty, Task> betweenAsync,
        [CallerArgumentExpression(nameof(text))] string source = "")
        => Of(Token, 400, "invalid_grant", text, async portal =>
        {
            var account = await portal.AccountAsync();
            var rp = new RelyingParty(portal, await portal.AppAsync(await portal.AccountAsync(), Callback));
            var code = await rp.CodeAsync(await portal.BrowserOfAsync(account));
            await portal.InScopeAsync(services => betweenAsync(services, account, rp));
            return SeenError.OfJson(await rp.ExchangeAsync(code));
        }, source);

    /// <summary>A form of an app with a secret, with one parameter changed.</summary>
    private static ProvokedError Posted(string path, int status, string error, string text, (string Name, string? Value) changed,
        [CallerArgumentExpression(nameof(text))] string source = "")
        => Of(path, status, error, text, async portal =>
        {
            var (rp, _) = await portal.AppAndBrowserAsync();
            return SeenError.OfJson(await PostAsync(rp, path, changed));
        }, source);

    /// <summary>A form with these <c>Authorization</c> headers.</summary>
    private static ProvokedError Authenticated(
        string path, int status, string error, string text, Func<RelyingParty, string[]> headers, bool sendsSecret = true,
        [CallerArgumentExpression(nameof(text))] string source = "")
        => Of(path, status, error, text, async portal =>
        {
            var (rp, browser) = await portal.AppAndBrowserAsync();
            using var request = new HttpRequestMessage(HttpMethod.Post, path)
            {
                Content = new FormUrlEncodedContent(
                [
                    new("client_id", rp.App.ClientId), new("client_secret", sendsSecret ? rp.App.Secret! : ""), new("code", "x"),
                    new("token", "x"),
                ]),
            };
            return SeenError.OfJson(await SendAsync(browser, request, headers(rp)));
        }, source);

    private static ProvokedError Requested(string path, int status, string error, string text, HttpMethod method, string query = "",
        Func<HttpContent>? body = null, [CallerArgumentExpression(nameof(text))] string source = "")
        => Of(path, status, error, text, async portal =>
        {
            using var request = new HttpRequestMessage(method, path + query) { Content = body?.Invoke() };
            return SeenError.OfJson(await SendAsync(portal.Browser(), request, []));
        }, source);

    private static ProvokedError Called(int status, string error, string text, Func<string, string[]> headers,
        string address = PortalUrls.ApiMe, HttpMethod? method = null, [CallerArgumentExpression(nameof(text))] string source = "")
        => Of("the API", status, error, text, async portal =>
        {
            var (_, token) = await portal.InstallAsync(await portal.AccountAsync());
            using var request = new HttpRequestMessage(method ?? HttpMethod.Get, address);
            return SeenError.OfProblem(await SendAsync(portal.Browser(), request, headers(token)));
        }, source);

    /// <summary>In a portal of its own, in which this setting is 1.</summary>
    private static ProvokedError WithOne(string setting, string place, int status, string error, string text,
        Func<PortalFactory, Task<SeenError>> provokeAsync, [CallerArgumentExpression(nameof(text))] string source = "")
        => Of(place, status, error, text, async _ =>
        {
            await using var portal = new PortalFactory { Settings = { [setting] = "1" } };
            return await provokeAsync(portal);
        }, source);

    private static ProvokedError Of(string place, int status, string error, string text,
        Func<PortalFactory, Task<SeenError>> provokeAsync, [CallerArgumentExpression(nameof(text))] string source = "")
        => new(place, status, error, text, MemberOfList().Match(source) is { Success: true } member ? member.Value : text, provokeAsync);

    private static Task<JsonAnswer> PostAsync(RelyingParty rp, string path, params (string Name, string? Value)[] changed)
        => rp.PostAsync(
            path, [("client_id", rp.App.ClientId), ("client_secret", rp.App.Secret), ("code", "x"), ("token", "x"), .. changed]);

    private static async Task<JsonAnswer> SendAsync(HttpClient client, HttpRequestMessage request, string[] authorization)
    {
        Assert.True(authorization.Length == 0 || request.Headers.TryAddWithoutValidation("Authorization", authorization));
        var response = await client.SendAsync(request);
        return new JsonAnswer(response, await response.Content.ReadAsStringAsync());
    }

    private static async Task<(RelyingParty App, HttpClient Browser)> PublicAppAndBrowserAsync(PortalFactory portal)
    {
        var app = await portal.PublicAppAsync(await portal.AccountAsync(), Callback);
        return (new RelyingParty(portal, app), await portal.BrowserOfAsync(await portal.AccountAsync()));
    }

    private static Task<int> ChangeAppAsync(PortalFactory portal, RelyingParty rp, Action<RegisteredApp> change)
        => portal.AskDatabaseAsync(async database =>
        {
            change(await database.Apps.SingleAsync(app => app.ClientId == rp.App.ClientId));
            return await database.SaveChangesAsync();
        });

    private static string Query(RelyingParty rp, string? redirectUri)
        => rp.AuthorizeUrl(("redirect_uri", redirectUri))[Authorize.Length..];

    private static Func<HttpContent> Form(string encoded)
        => () => new StringContent(encoded, new MediaTypeHeaderValue("application/x-www-form-urlencoded"));

    private static string Basic(string clientId, string secret)
        => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{clientId}:{secret}"));

    [GeneratedRegex(@"^(?:OAuthErrors|ApiRefusals)\.\w+")]
    private static partial Regex MemberOfList();
}
