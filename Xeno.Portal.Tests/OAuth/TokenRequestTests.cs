using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Xeno.Portal.Tests.Support;
using static Xeno.Portal.Tests.Support.GivenApps;

namespace Xeno.Portal.Tests.OAuth;

/// <summary>How a request to /oauth/token is read and how its client authenticates. Does not depend on the database.</summary>
[Trait("Category", "Fast")]
public sealed class TokenRequestTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    [Fact]
    public async Task Aliases_come_back_in_canonical_names()
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();

        var token = await rp.ExchangeAsync(await rp.CodeAsync(browser, ("scope", "contacts brands")));

        Assert.Equal("widgets contacts", token["scope"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_authenticates_in_the_body_or_by_Basic(bool basic)
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();
        var code = await rp.CodeAsync(browser);

        var answer = basic
            ? await rp.PostAsync("/oauth/token", [("code", code)], Basic(rp.App.ClientId, rp.App.Secret!))
            : await rp.ExchangeAsync(code);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    [Fact]
    public async Task Basic_parts_are_form_decoded()
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();
        var code = await rp.CodeAsync(browser);
        var encoded = string.Concat(rp.App.Secret!.Select(c => $"%{(int)c:x2}"));

        var answer = await rp.PostAsync("/oauth/token", [("code", code)],
            new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{rp.App.ClientId}:{encoded}"))));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    [Fact]
    public async Task Two_clients_or_two_ways_to_authenticate_are_refused()
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();
        var other = await portal.AppAsync(await portal.AccountAsync(), Callback);
        var code = await rp.CodeAsync(browser);
        var basic = Basic(rp.App.ClientId, rp.App.Secret!);

        (await rp.PostAsync("/oauth/token", [("code", code), ("client_id", other.ClientId)], basic))
            .ShouldBeError(HttpStatusCode.BadRequest, "invalid_request");
        (await rp.PostAsync("/oauth/token", [("code", code), ("client_id", rp.App.ClientId), ("client_secret", rp.App.Secret)], basic))
            .ShouldBeError(HttpStatusCode.BadRequest, "invalid_request");
        var withHeader = await rp.PostAsync("/oauth/token", [("code", code), ("client_id", rp.App.ClientId)], basic);
        Assert.Equal(HttpStatusCode.OK, withHeader.Status);
    }

    [Fact]
    public async Task Two_Authorization_headers_are_refused_even_with_valid_credentials_in_the_body()
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();
        var code = await rp.CodeAsync(browser);
        using var twice = new HttpRequestMessage(HttpMethod.Post, "/oauth/token")
        {
            Content = new FormUrlEncodedContent(
                [new("client_id", rp.App.ClientId), new("client_secret", rp.App.Secret!), new("code", code)]),
        };
        var header = Basic(rp.App.ClientId, rp.App.Secret!).ToString();
        Assert.True(twice.Headers.TryAddWithoutValidation("Authorization", [header, header]));

        var answer = await browser.SendAsync(twice);

        new JsonAnswer(answer, await answer.Content.ReadAsStringAsync()).ShouldBeError(HttpStatusCode.BadRequest, "invalid_request");
        Assert.Equal(HttpStatusCode.OK, (await rp.ExchangeAsync(code)).Status);
    }

    [Theory]
    [InlineData("Basic !!!")]
    [InlineData("Basic bm9jb2xvbg==")] // nocolon
    [InlineData("Basic /w==")]
    [InlineData("Basic OnNlY3JldA==")] // :secret
    [InlineData("Basic JUZGOnNlY3JldA==")] // %FF:secret
    [InlineData("Basic aWQ6JUZG")] // id:%FF
    [InlineData("Basic aSUwMGQ6c2VjcmV0")] // i%00d:secret
    [InlineData("Basic aWQ6c2UlMGFjcmV0")] // id:se%0acret
    public async Task Malformed_Basic_is_invalid_client(string header)
    {
        var (rp, _) = await portal.AppAndBrowserAsync();

        var refusal = (await rp.PostAsync("/oauth/token", [("code", "x")], AuthenticationHeaderValue.Parse(header)))
            .ShouldBeError(HttpStatusCode.Unauthorized, "invalid_client");

        Assert.Equal("Basic", Assert.Single(refusal.Response.Headers.WwwAuthenticate).Scheme);
        Assert.StartsWith("The Authorization header is no valid HTTP Basic", refusal["error_description"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_app_without_a_secret_may_name_itself_by_Basic_with_an_empty_password()
    {
        var rp = new RelyingParty(portal, await portal.PublicAppAsync(await portal.AccountAsync(), "com.example.app:/cb"));
        var browser = await portal.BrowserOfAsync(await portal.AccountAsync());
        var code = await rp.CodeAsync(browser,
            ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"), ("code_challenge_method", "S256"));

        var answer = await rp.PostAsync("/oauth/token",
            [("code", code), ("code_verifier", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")], Basic(rp.App.ClientId, ""));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    [Theory]
    [InlineData("basic")]
    [InlineData("BASIC")]
    public async Task The_scheme_of_Basic_may_have_any_letter_case(string scheme)
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();
        var basic = Basic(rp.App.ClientId, rp.App.Secret!).Parameter;

        var answer = await rp.PostAsync("/oauth/token", [("code", await rp.CodeAsync(browser))], new(scheme, basic));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    [Fact]
    public async Task An_Authorization_header_of_another_scheme_is_ignored()
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();

        var answer = await rp.PostAsync("/oauth/token",
            [("client_id", rp.App.ClientId), ("client_secret", rp.App.Secret), ("code", await rp.CodeAsync(browser))],
            new AuthenticationHeaderValue("Bearer", "of-somebody"));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    [Theory]
    [InlineData("client_secret", "wrong", "The client_secret is not the one of this app.")]
    [InlineData("client_secret", null, "This app has a Client Secret, and the request has none.")]
    [InlineData("client_id", "xa_unknown", "No app has this client_id.")]
    [InlineData("client_id", null, "The parameter client_id is missing.")]
    [InlineData("code", null, "The parameter code is missing.")]
    [InlineData("code", "nonsense", "This code is not known")]
    [InlineData("code", "a\0b", "The parameter 'code' holds control characters")]
    [InlineData("grant_type", "refresh_token", "The grant_type is 'refresh_token'; only authorization_code is supported.")]
    [InlineData("redirect_uri", "https://app.example/other", "The redirect_uri is not the one that the authorize request used.")]
    [InlineData("code_verifier", "x", "There is a code_verifier, but the authorize request had no code_challenge.")]
    public async Task A_refusal_says_what_to_send_instead(string name, string? value, string description)
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();

        var refusal = await rp.ExchangeAsync(await rp.CodeAsync(browser), (name, value));

        Assert.StartsWith(description, refusal["error_description"], StringComparison.Ordinal);
        Assert.Matches("^[\\x20\\x21\\x23-\\x5B\\x5D-\\x7E]+$", refusal["error_description"]);
        Assert.NotNull(refusal["request_id"]);
    }

    [Fact]
    public async Task A_parameter_sent_twice_is_named()
    {
        var (rp, _) = await portal.AppAndBrowserAsync();
        using var content = new StringContent("client_id=a&code=b&code=c");
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");

        var refusal = await rp.SendAsync(HttpMethod.Post, "/oauth/token", content);

        Assert.StartsWith("The parameter 'code' was sent more than once.", refusal["error_description"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_is_405()
    {
        var (rp, _) = await portal.AppAndBrowserAsync();

        var answer = (await rp.SendAsync(HttpMethod.Get, "/oauth/token?client_id=x&code=y", null))
            .ShouldBeError(HttpStatusCode.MethodNotAllowed, "invalid_request");

        Assert.Equal(["POST"], answer.Response.Content.Headers.Allow);
    }

    [Theory]
    [InlineData("application/json", "{\"code\":\"x\"}")]
    [InlineData("multipart/form-data; boundary=x", "--x--")]
    [InlineData("text/plain", "code=x")]
    [InlineData("application/x-www-form-urlencoded", "client_id=a&client_id=b")]
    [InlineData("application/x-www-form-urlencoded", "client_id=%FF")]
    [InlineData("application/x-www-form-urlencoded", "client_id=a%00b")]
    [InlineData("application/x-www-form-urlencoded", "")]
    public async Task Only_a_well_formed_form_is_read(string contentType, string body)
    {
        var (rp, _) = await portal.AppAndBrowserAsync();
        using var content = new StringContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);

        (await rp.SendAsync(HttpMethod.Post, "/oauth/token", content)).ShouldBeError(HttpStatusCode.BadRequest, "invalid_request");
    }

    [Fact]
    public async Task A_body_of_a_megabyte_is_413()
    {
        var (rp, _) = await portal.AppAndBrowserAsync();
        using var content = new FormUrlEncodedContent([KeyValuePair.Create("code", new string('x', 1_000_000))]);

        (await rp.SendAsync(HttpMethod.Post, "/oauth/token", content))
            .ShouldBeError(HttpStatusCode.RequestEntityTooLarge, "invalid_request");
    }

    [Fact]
    public async Task Credentials_in_the_query_string_are_refused()
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();
        var code = await rp.CodeAsync(browser);

        var refusal = (await rp.PostAsync($"/oauth/token?client_secret={rp.App.Secret}", [("client_id", rp.App.ClientId), ("code", code)]))
            .ShouldBeError(HttpStatusCode.BadRequest, "invalid_request");

        Assert.DoesNotContain(rp.App.Secret!, refusal.Text, StringComparison.Ordinal);
        Assert.StartsWith(
            "The parameter 'client_secret' was sent in the query string", refusal["error_description"], StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await rp.ExchangeAsync(code)).Status);
    }

    [Theory]
    [InlineData("?")]
    [InlineData("?utm_source=x&y")]
    public async Task Other_parameters_in_the_query_string_are_ignored(string query)
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();

        var answer = await rp.PostAsync("/oauth/token" + query,
            [("client_id", rp.App.ClientId), ("client_secret", rp.App.Secret), ("code", await rp.CodeAsync(browser))]);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    [Fact]
    public async Task Scripts_of_any_origin_may_call_without_credentials()
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();
        using var preflight = new HttpRequestMessage(HttpMethod.Options, "/oauth/token");
        preflight.Headers.Add("Origin", "https://spa.example");
        preflight.Headers.Add("Access-Control-Request-Method", "POST");
        preflight.Headers.Add("Access-Control-Request-Headers", "authorization");
        using var post = new HttpRequestMessage(HttpMethod.Post, "/oauth/token") { Content = new FormUrlEncodedContent([]) };
        post.Headers.Add("Origin", "https://spa.example");

        var allowed = await browser.SendAsync(preflight);
        var answer = await browser.SendAsync(post);

        Assert.Equal(HttpStatusCode.NoContent, allowed.StatusCode);
        foreach (var response in new[] { allowed, answer })
        {
            Assert.Equal("*", Assert.Single(response.Headers.GetValues("Access-Control-Allow-Origin")));
            Assert.False(response.Headers.Contains("Access-Control-Allow-Credentials"));
        }
    }

    private static AuthenticationHeaderValue Basic(string clientId, string secret)
        => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{clientId}:{secret}")));
}
