using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Api;

/// <summary>How a call to the API is read and refused (RFC 6750). Does not depend on the database.</summary>
[Trait("Category", "Fast")]
public sealed class ApiRequestTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    [Theory]
    [InlineData(null, false)]
    [InlineData("Bearer", false)]
    [InlineData("Bearer ", false)]
    [InlineData("Bearer garbage", true)]
    [InlineData("Bearer 0000000000000000000000000000000000000000000000000000000000000000", true)]
    [InlineData("Basic eDp5", false)]
    public async Task Without_a_valid_token_a_call_is_401_with_a_challenge_that_names_an_error_only_where_a_token_was_sent(
        string? header, bool hasToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/me");
        if (header is not null)
            request.Headers.TryAddWithoutValidation("Authorization", header);

        var response = await portal.Browser().SendAsync(request);

        var challenge = await ApiRefusal.ShouldBeAsync(response, HttpStatusCode.Unauthorized, "invalid_token", hasToken);
        Assert.Contains(
            "resource_metadata=\"http://localhost/.well-known/oauth-protected-resource/api/v1\"", challenge, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_in_the_address_or_the_body_is_refused()
    {
        var (rp, token) = await portal.InstallAsync(await portal.AccountAsync(), "widgets");

        var inAddress = await portal.Browser().GetAsync($"/api/v1/me?access_token={token}");
        await ApiRefusal.ShouldBeAsync(inAddress, HttpStatusCode.BadRequest, "invalid_request");
        var inBoth = await rp.CallAsync(token, $"/api/v1/me?access_token={token}");
        await ApiRefusal.ShouldBeAsync(inBoth.Response, HttpStatusCode.BadRequest, "invalid_request");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/me")
        {
            Content = new FormUrlEncodedContent([new("access_token", token)]),
        };
        await ApiRefusal.ShouldBeAsync(
            await portal.Browser().SendAsync(request), HttpStatusCode.Unauthorized, "invalid_token", hasToken: false);
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=101")]
    [InlineData("limit=x")]
    [InlineData("limit=1&limit=2")]
    [InlineData("cursor=nonsense")]
    [InlineData("cursor=")]
    public async Task An_invalid_page_parameter_is_refused(string query)
    {
        var (rp, token) = await portal.InstallAsync(await portal.AccountAsync(), "widgets");

        var answer = await rp.CallAsync(token, $"/api/v1/widgets?{query}");

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (answer.Status, answer["error"]));
    }

    [Theory]
    [InlineData("GET", "/api/v1/nothing", HttpStatusCode.NotFound, "not_found")]
    [InlineData("GET", "/api/nothing", HttpStatusCode.NotFound, "not_found")]
    [InlineData("DELETE", "/api/v1/me", HttpStatusCode.MethodNotAllowed, "method_not_allowed")]
    [InlineData("POST", "/api/v1/widgets", HttpStatusCode.MethodNotAllowed, "method_not_allowed")]
    public async Task Unknown_addresses_and_methods_are_answered_with_problem_details(
        string method, string path, HttpStatusCode status, string error)
    {
        var (rp, token) = await portal.InstallAsync(await portal.AccountAsync(), "widgets");

        var answer = await rp.SendAsync(new HttpMethod(method), path, null, new AuthenticationHeaderValue("Bearer", token));

        Assert.Equal((status, error), (answer.Status, answer["error"]));
        Assert.Equal("application/problem+json", answer.Response.Content.Headers.ContentType!.MediaType);
        Assert.Equal($"http://localhost/docs/errors#{error}", answer["type"]);
    }

    [Fact]
    public async Task Scripts_of_any_origin_may_call_and_read_the_challenge()
    {
        using var preflight = new HttpRequestMessage(HttpMethod.Options, "/api/v1/me");
        preflight.Headers.Add("Origin", "https://spa.example");
        preflight.Headers.Add("Access-Control-Request-Method", "GET");
        preflight.Headers.Add("Access-Control-Request-Headers", "authorization");
        using var call = new HttpRequestMessage(HttpMethod.Get, "/api/v1/me");
        call.Headers.Add("Origin", "https://spa.example");

        var allowed = await portal.Browser().SendAsync(preflight);
        var refused = await portal.Browser().SendAsync(call);

        Assert.Equal("*", Assert.Single(allowed.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.Equal("*", Assert.Single(refused.Headers.GetValues("Access-Control-Allow-Origin")));
        var exposed = string.Join(',', refused.Headers.GetValues("Access-Control-Expose-Headers"));
        Assert.Contains("WWW-Authenticate", exposed, StringComparison.OrdinalIgnoreCase);
        Assert.False(refused.Headers.Contains("Access-Control-Allow-Credentials"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/api/v1")]
    public async Task The_resource_metadata_is_about_the_address_it_belongs_to_and_says_where_tokens_come_from(string path)
    {
        var document = JsonDocument.Parse(
            await portal.Browser().GetStringAsync($"/.well-known/oauth-protected-resource{path}")).RootElement;

        Assert.Equal($"http://localhost{path}", document.GetProperty("resource").GetString());
        Assert.Equal("http://localhost", document.GetProperty("authorization_servers")[0].GetString());
        Assert.Equal("header", Assert.Single(document.GetProperty("bearer_methods_supported").EnumerateArray()).GetString());
        Assert.Equal(
            ["widgets", "faqs", "contacts", "conversations"],
            document.GetProperty("scopes_supported").EnumerateArray().Select(s => s.GetString()));
    }
}
