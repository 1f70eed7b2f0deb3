using System.Net;
using Microsoft.EntityFrameworkCore;
using Xeno.Portal.Data.OAuth;
using Xeno.Portal.Tests.Support;
using static Xeno.Portal.Tests.Support.GivenApps;

namespace Xeno.Portal.Tests.OAuth;

/// <summary>POST /oauth/revoke (RFC 7009) and POST /oauth/introspect (RFC 7662).</summary>
public abstract class RevokeAndIntrospectTests(PortalFactory portal)
{
    [Fact]
    public async Task An_app_sees_the_whole_of_its_own_token()
    {
        var account = await portal.AccountAsync();
        var (rp, browser) = (await AppAsync(), await portal.BrowserOfAsync(account));

        var answer = await rp.IntrospectAsync(await rp.InstallAsync(browser, "faqs widgets"));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("True", answer["active"]);
        Assert.Equal("widgets faqs", answer["scope"]);
        Assert.Equal(rp.App.ClientId, answer["client_id"]);
        Assert.Equal(account.Id, answer["sub"]);
        Assert.Equal("Bearer", answer["token_type"]);
        Assert.Equal("http://localhost", answer["iss"]);
        Assert.Equal(portal.Time.GetUtcNow().ToUnixTimeSeconds(), answer.Json.GetProperty("iat").GetInt64());
        Assert.Equal(
            ["active", "client_id", "iat", "iss", "scope", "sub", "token_type"],
            answer.Json.EnumerateObject().Select(member => member.Name).Order());
        Assert.True(answer.Response.Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task Any_other_value_is_only_not_active()
    {
        var (rp, other, browser) = (await AppAsync(), await AppAsync(), await portal.BrowserOfAsync(await portal.AccountAsync()));
        var token = await rp.InstallAsync(browser);
        var code = await rp.CodeAsync(browser);

        JsonAnswer[] answers = [await other.IntrospectAsync(token), await rp.IntrospectAsync("unknown"), await rp.IntrospectAsync(code)];
        foreach (var answer in answers)
        {
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            Assert.Equal("{\"active\":false}", answer.Text);
        }
    }

    [Fact]
    public async Task The_caller_of_introspect_authenticates()
    {
        var rp = await AppAsync();
        var publicApp = await portal.PublicAppAsync(await portal.AccountAsync(), "com.example.app:/cb");
        var token = await rp.InstallAsync(await portal.BrowserOfAsync(await portal.AccountAsync()));

        (await rp.PostAsync("/oauth/introspect", [("token", token)])).ShouldBeError(HttpStatusCode.BadRequest, "invalid_request");
        (await rp.PostAsync("/oauth/introspect", [("client_id", rp.App.ClientId), ("token", token)]))
            .ShouldBeError(HttpStatusCode.Unauthorized, "invalid_client");
        (await rp.PostAsync("/oauth/introspect", [("client_id", rp.App.ClientId), ("client_secret", "x"), ("token", token)]))
            .ShouldBeError(HttpStatusCode.Unauthorized, "invalid_client");
        var stranger = new RelyingParty(portal, publicApp);
        var (real, unknown) = (await stranger.IntrospectAsync(token), await stranger.IntrospectAsync("x"));
        real.ShouldBeError(HttpStatusCode.Unauthorized, "invalid_client");
        unknown.ShouldBeError(HttpStatusCode.Unauthorized, "invalid_client");
        Assert.Equal(real["error_description"], unknown["error_description"]); // It does not show whether there is such a token.
    }

    [Theory]
    [InlineData("/oauth/introspect")]
    [InlineData("/oauth/revoke")]
    public async Task A_request_without_a_token_is_told_to_send_one(string path)
    {
        var rp = await AppAsync();

        var refusal = (await rp.PostAsync(path, [("client_id", rp.App.ClientId), ("client_secret", rp.App.Secret)]))
            .ShouldBeError(HttpStatusCode.BadRequest, "invalid_request");

        Assert.StartsWith("The parameter token is missing.", refusal["error_description"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("access_token")]
    [InlineData("refresh_token")]
    [InlineData("nonsense")]
    public async Task An_app_revokes_its_own_token_with_any_hint(string? hint)
    {
        var (rp, browser) = (await AppAsync(), await portal.BrowserOfAsync(await portal.AccountAsync()));
        var token = await rp.InstallAsync(browser);

        var answer = await rp.PostAsync("/oauth/revoke",
            [("client_id", rp.App.ClientId), ("client_secret", rp.App.Secret), ("token", token), ("token_type_hint", hint)]);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("{\"active\":false}", (await rp.IntrospectAsync(token)).Text);
        Assert.Equal(TokenStatuses.Revoked, await portal.AskDatabaseAsync(database => database.Tokens
            .Where(t => t.ReferenceId == TokenHash.Of(token)).Select(t => t.Authorization!.Status).SingleAsync()));
    }

    [Fact]
    public async Task An_app_cannot_revoke_anothers_token_nor_learn_that_it_exists()
    {
        var (rp, other, browser) = (await AppAsync(), await AppAsync(), await portal.BrowserOfAsync(await portal.AccountAsync()));
        var token = await rp.InstallAsync(browser);

        var refused = await other.RevokeAsync(token);
        var unknown = await other.RevokeAsync(new string('0', 64));

        Assert.Equal((HttpStatusCode.OK, unknown.Text), (refused.Status, refused.Text));
        Assert.Equal("True", (await rp.IntrospectAsync(token))["active"]);
    }

    [Fact]
    public async Task Revoking_needs_the_secret_and_a_post()
    {
        var (rp, browser) = (await AppAsync(), await portal.BrowserOfAsync(await portal.AccountAsync()));
        var token = await rp.InstallAsync(browser);

        (await rp.PostAsync("/oauth/revoke", [("client_id", rp.App.ClientId), ("token", token)]))
            .ShouldBeError(HttpStatusCode.Unauthorized, "invalid_client");
        (await rp.SendAsync(HttpMethod.Get, "/oauth/revoke", null)).ShouldBeError(HttpStatusCode.MethodNotAllowed, "invalid_request");

        Assert.Equal("True", (await rp.IntrospectAsync(token))["active"]);
    }

    [Fact]
    public async Task A_suspended_apps_tokens_are_not_active_until_it_is_resumed_and_can_still_be_revoked()
    {
        var (rp, browser) = (await AppAsync(), await portal.BrowserOfAsync(await portal.AccountAsync()));
        var (kept, dropped) = (await rp.InstallAsync(browser), await rp.InstallAsync(browser));

        await SuspendAsync(portal.Time.GetUtcNow());
        Assert.Equal("False", (await rp.IntrospectAsync(kept))["active"]);
        await rp.RevokeAsync(dropped);
        await SuspendAsync(null);

        Assert.Equal("True", (await rp.IntrospectAsync(kept))["active"]);
        Assert.Equal("False", (await rp.IntrospectAsync(dropped))["active"]);

        Task SuspendAsync(DateTimeOffset? at) => portal.AskDatabaseAsync(database => database.Apps.Where(a => a.ClientId == rp.App.ClientId)
            .ExecuteUpdateAsync(a => a.SetProperty(x => x.SuspendedAt, at)));
    }

    private async Task<RelyingParty> AppAsync() => new(portal, await portal.AppAsync(await portal.AccountAsync(), Callback));
}

[Trait("Category", "Fast")]
public sealed class RevokeAndIntrospectOnSqlite(PortalFactory portal) : RevokeAndIntrospectTests(portal), IClassFixture<PortalFactory>;

[Trait("Category", "Database")]
public sealed class RevokeAndIntrospectOnPostgreSql(PostgreSqlPortal portal)
    : RevokeAndIntrospectTests(portal), IClassFixture<PostgreSqlPortal>;
