using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.OAuth;

/// <summary>How a request to /oauth/token is read and how its client authenticates. Does not depend on the database.</summary>
[Trait("Category", "Fast")]
public sealed class TokenRequestTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    private const string Callback = GivenApps.Callback;

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
    [InlineData("Basic bm9jb2xvbg==")]
    [InlineData("Basic /w==")]
    public async Task Malformed_Basic_is_invalid_client(string header)
    {
        var (rp, _) = await portal.AppAndBrowserAsync();

        var refusal = (await rp.PostAsync("/oauth/token", [("code", "x")], AuthenticationHeaderValue.Parse(header)))
            .ShouldBeError(HttpStatusCode.Unauthorized, "invalid_client");

        Assert.Equal("Basic", Assert.Single(refusal.Response.Headers.WwwAuthenticate).Scheme);
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
