using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xeno.Portal.Api;
using Xeno.Portal.Data.OAuth;
using Xeno.Portal.Data.Seeding;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Api;

/// <summary>What an access token opens, and how a request without the right one is refused (RFC 6750).</summary>
public abstract class ApiTests(PortalFactory portal)
{
    private const string Callback = "https://app.example/callback";

    [Fact]
    public async Task Me_tells_the_account_the_app_and_the_scopes()
    {
        var account = await portal.AccountAsync();
        var (rp, token) = await InstallAsync(account, "contacts brands");

        var me = await rp.CallAsync(token);

        Assert.Equal(HttpStatusCode.OK, me.Status);
        Assert.Equal((account.Id, account.Email, account.Email.Split('@')[0], rp.App.ClientId), (me["id"], me["email"], me["display_name"], me["client_id"]));
        Assert.Equal(["widgets", "contacts"], me.Json.GetProperty("scopes").EnumerateArray().Select(s => s.GetString()));
        Assert.True(me.Response.Headers.CacheControl!.NoStore);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer garbage")]
    [InlineData("Bearer 0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("Basic eDp5")]
    public async Task Without_a_valid_token_a_call_is_401_with_a_challenge(string? header)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/me");
        if (header is not null)
            request.Headers.TryAddWithoutValidation("Authorization", header);

        var response = await portal.Browser().SendAsync(request);

        var challenge = await ShouldBeRefusedAsync(response, HttpStatusCode.Unauthorized, "invalid_token");
        Assert.Contains("resource_metadata=\"http://localhost/.well-known/oauth-protected-resource\"", challenge, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_in_the_address_or_the_body_is_refused()
    {
        var (rp, token) = await InstallAsync(await portal.AccountAsync(), "widgets");

        await ShouldBeRefusedAsync(await portal.Browser().GetAsync($"/api/v1/me?access_token={token}"), HttpStatusCode.BadRequest, "invalid_request");
        await ShouldBeRefusedAsync((await rp.CallAsync(token, $"/api/v1/me?access_token={token}")).Response, HttpStatusCode.BadRequest, "invalid_request");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/me") { Content = new FormUrlEncodedContent([new("access_token", token)]) };
        await ShouldBeRefusedAsync(await portal.Browser().SendAsync(request), HttpStatusCode.Unauthorized, "invalid_token");
    }

    [Theory]
    [InlineData("widgets", "widgets")]
    [InlineData("brands", "widgets")]
    [InlineData("faqs", "faqs")]
    [InlineData("contacts", "contacts")]
    [InlineData("conversations", "conversations")]
    public async Task A_list_opens_to_its_scope_only(string path, string scope)
    {
        var account = await portal.AccountAsync();
        var others = string.Join(' ', new[] { "widgets", "faqs", "contacts", "conversations" }.Where(s => s != scope));
        var (with, token) = await InstallAsync(account, scope);
        var (without, otherToken) = await InstallAsync(account, others);

        Assert.Equal(HttpStatusCode.OK, (await with.CallAsync(token, $"/api/v1/{path}")).Status);
        var challenge = await ShouldBeRefusedAsync((await without.CallAsync(otherToken, $"/api/v1/{path}")).Response, HttpStatusCode.Forbidden, "insufficient_scope");
        Assert.Contains($"scope=\"{scope}\"", challenge, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lists_hold_the_accounts_own_rows_newest_first_page_by_page()
    {
        var (mine, theirs) = (await SampleAccountAsync(), await SampleAccountAsync());
        var (rp, token) = await InstallAsync(mine, "widgets faqs contacts conversations");
        Assert.NotEqual(mine.Id, theirs.Id);

        foreach (var (path, count) in new[] { ("widgets", 3), ("faqs", 4), ("contacts", 5), ("conversations", 4) })
        {
            var ids = new List<string>();
            var created = new List<DateTimeOffset>();
            string? cursor = "";
            while (cursor is not null)
            {
                var page = (await rp.CallAsync(token, $"/api/v1/{path}?limit=2{cursor}")).Json;
                Assert.InRange(page.GetProperty("data").GetArrayLength(), 1, 2);
                ids.AddRange(page.GetProperty("data").EnumerateArray().Select(row => row.GetProperty("id").GetString()!));
                created.AddRange(page.GetProperty("data").EnumerateArray().Select(row => row.GetProperty("created_at").GetDateTimeOffset()));
                Assert.Equal(page.GetProperty("has_more").GetBoolean(), page.GetProperty("next_cursor").ValueKind == JsonValueKind.String);
                cursor = page.GetProperty("next_cursor").GetString() is { } next ? $"&cursor={next}" : null;
            }

            Assert.Equal(count, ids.Distinct().Count());
            Assert.Equal(count, ids.Count);
            Assert.Equal(created.OrderDescending(), created);
        }
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=101")]
    [InlineData("limit=x")]
    [InlineData("limit=1&limit=2")]
    [InlineData("cursor=nonsense")]
    [InlineData("cursor=")]
    public async Task A_bad_page_parameter_is_told(string query)
    {
        var (rp, token) = await InstallAsync(await portal.AccountAsync(), "widgets");

        var answer = await rp.CallAsync(token, $"/api/v1/widgets?{query}");

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (answer.Status, answer["error"]));
    }

    [Fact]
    public async Task A_revocation_holds_on_the_very_next_call()
    {
        var (rp, token) = await InstallAsync(await portal.AccountAsync(), "widgets");
        Assert.Equal(HttpStatusCode.OK, (await rp.CallAsync(token)).Status);

        await rp.RevokeAsync(token);

        Assert.Equal(HttpStatusCode.Unauthorized, (await rp.CallAsync(token)).Status);
    }

    [Fact]
    public async Task A_suspended_or_deleted_accounts_tokens_open_nothing()
    {
        var account = await portal.AccountAsync();
        var (rp, token) = await InstallAsync(account, "widgets");

        await SuspendAsync(portal.Time.GetUtcNow());
        Assert.Equal(HttpStatusCode.Unauthorized, (await rp.CallAsync(token)).Status);
        await SuspendAsync(null);
        Assert.Equal(HttpStatusCode.OK, (await rp.CallAsync(token)).Status);
        await portal.AskDatabaseAsync(database => database.Users.Where(a => a.Id == account.Id).ExecuteDeleteAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, (await rp.CallAsync(token)).Status);

        Task SuspendAsync(DateTimeOffset? at) => portal.AskDatabaseAsync(database => database.Users.Where(a => a.Id == account.Id)
            .ExecuteUpdateAsync(a => a.SetProperty(x => x.SuspendedAt, at)));
    }

    [Fact]
    public async Task The_last_use_is_gathered_and_written_later()
    {
        var (rp, token) = await InstallAsync(await portal.AccountAsync(), "widgets");
        await rp.CallAsync(token);
        Assert.Null(await LastUsedAsync());

        await portal.Services.GetRequiredService<TokenUse>().FlushAsync();
        var first = await LastUsedAsync();
        Assert.Equal(portal.Time.GetUtcNow(), first);

        portal.Time.Advance(TimeSpan.FromMinutes(1));
        await rp.CallAsync(token);
        await portal.Services.GetRequiredService<TokenUse>().FlushAsync();
        Assert.Equal(first + TimeSpan.FromMinutes(1), await LastUsedAsync());

        Task<DateTimeOffset?> LastUsedAsync() => portal.AskDatabaseAsync(database => database.Tokens
            .Where(t => t.ReferenceId == TokenHash.Of(token)).Select(t => t.LastUsedAt).SingleAsync());
    }

    [Theory]
    [InlineData("GET", "/api/v1/nothing", HttpStatusCode.NotFound, "not_found")]
    [InlineData("GET", "/api/nothing", HttpStatusCode.NotFound, "not_found")]
    [InlineData("DELETE", "/api/v1/me", HttpStatusCode.MethodNotAllowed, "method_not_allowed")]
    [InlineData("POST", "/api/v1/widgets", HttpStatusCode.MethodNotAllowed, "method_not_allowed")]
    public async Task What_is_not_there_is_told_as_problem_details(string method, string path, HttpStatusCode status, string error)
    {
        var (rp, token) = await InstallAsync(await portal.AccountAsync(), "widgets");

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
        Assert.Contains("WWW-Authenticate", string.Join(',', refused.Headers.GetValues("Access-Control-Expose-Headers")), StringComparison.OrdinalIgnoreCase);
        Assert.False(refused.Headers.Contains("Access-Control-Allow-Credentials"));
    }

    [Fact]
    public async Task The_resource_metadata_says_where_tokens_come_from()
    {
        var document = JsonDocument.Parse(await portal.Browser().GetStringAsync("/.well-known/oauth-protected-resource")).RootElement;

        Assert.Equal("http://localhost", document.GetProperty("resource").GetString());
        Assert.Equal("http://localhost", document.GetProperty("authorization_servers")[0].GetString());
        Assert.Equal("header", Assert.Single(document.GetProperty("bearer_methods_supported").EnumerateArray()).GetString());
        Assert.Equal(["widgets", "faqs", "contacts", "conversations"], document.GetProperty("scopes_supported").EnumerateArray().Select(s => s.GetString()));
    }

    private static async Task<string> ShouldBeRefusedAsync(HttpResponseMessage response, HttpStatusCode status, string error)
    {
        Assert.Equal(status, response.StatusCode);
        var challenge = Assert.Single(response.Headers.WwwAuthenticate).ToString();
        Assert.StartsWith("Bearer ", challenge, StringComparison.Ordinal);
        Assert.Contains($"error=\"{error}\"", challenge, StringComparison.Ordinal);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(((int)status).ToString(CultureInfo.InvariantCulture), body.GetProperty("status").ToString());
        Assert.Equal(error, body.GetProperty("error").GetString());
        return challenge;
    }

    private async Task<GivenAccount> SampleAccountAsync()
    {
        var account = await portal.AccountAsync();
        await portal.AskDatabaseAsync(database =>
        {
            database.AddRange(DemoData.For(account.Id, portal.Time.GetUtcNow()));
            return database.SaveChangesAsync();
        });
        return account;
    }

    private async Task<(RelyingParty, string Token)> InstallAsync(GivenAccount account, string scope)
    {
        var rp = new RelyingParty(portal, await portal.AppAsync(await portal.AccountAsync(), Callback));
        return (rp, await rp.InstallAsync(await portal.BrowserOfAsync(account), scope));
    }
}

public sealed class ApiOnSqlite(PortalFactory portal) : ApiTests(portal), IClassFixture<PortalFactory>;

public sealed class ApiOnPostgreSql(PostgreSqlPortal portal) : ApiTests(portal), IClassFixture<PostgreSqlPortal>;
