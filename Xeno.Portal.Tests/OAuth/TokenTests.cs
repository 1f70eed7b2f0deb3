using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xeno.Portal.Data.OAuth;
using Xeno.Portal.Grants;
using Xeno.Portal.Tests.Support;
using static Xeno.Portal.Tests.Support.GivenApps;

namespace Xeno.Portal.Tests.OAuth;

/// <summary>POST /oauth/token (RFC 6749 section 4.1.3).</summary>
public abstract class TokenTests(PortalFactory portal)
{
    [Fact]
    public async Task The_token_is_stored_only_as_its_hash()
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();

        var token = await rp.InstallAsync(browser);

        var row = await portal.AskDatabaseAsync(database => database.Tokens.SingleAsync(t => t.ReferenceId == TokenHash.Of(token)));
        Assert.Null(row.Payload);
        Assert.Null(row.Properties);
        Assert.Null(row.ExpirationDate);
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(portal.DatabaseFile)!))
            Assert.DoesNotContain(token, Encoding.Latin1.GetString(await ReadAsync(file)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("client_secret", "wrong", HttpStatusCode.Unauthorized, "invalid_client")]
    [InlineData("client_secret", null, HttpStatusCode.Unauthorized, "invalid_client")]
    [InlineData("client_id", "xa_unknown", HttpStatusCode.Unauthorized, "invalid_client")]
    [InlineData("client_id", null, HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("code", null, HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("code", "", HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("code", "nonsense", HttpStatusCode.BadRequest, "invalid_grant")]
    [InlineData("grant_type", "refresh_token", HttpStatusCode.BadRequest, "unsupported_grant_type")]
    [InlineData("grant_type", "client_credentials", HttpStatusCode.BadRequest, "unsupported_grant_type")]
    [InlineData("grant_type", "password", HttpStatusCode.BadRequest, "unsupported_grant_type")]
    [InlineData("redirect_uri", "https://app.example/other", HttpStatusCode.BadRequest, "invalid_grant")]
    [InlineData("code_verifier", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("client_assertion", "eyJhbGciOiJub25lIn0.e30.", HttpStatusCode.Unauthorized, "invalid_client")]
    [InlineData("code", "a\0b", HttpStatusCode.BadRequest, "invalid_request")]
    public async Task A_refusal_names_the_error_and_does_not_consume_the_code(
        string name, string? value, HttpStatusCode status, string error)
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();
        var code = await rp.CodeAsync(browser);

        var refusal = (await rp.ExchangeAsync(code, (name, value))).ShouldBeError(status, error);

        Assert.Equal(
            status == HttpStatusCode.Unauthorized,
            refusal.Response.Headers.WwwAuthenticate.Any(challenge => challenge.Scheme == "Basic"));
        Assert.DoesNotContain(rp.App.Secret!, refusal.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(code, refusal.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await rp.ExchangeAsync(code)).Status);
    }

    [Fact]
    public async Task A_redirect_uri_that_was_sent_must_be_sent_again()
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();
        var code = await rp.CodeAsync(browser, ("redirect_uri", Callback));

        (await rp.ExchangeAsync(code)).ShouldBeError(HttpStatusCode.BadRequest, "invalid_request");
        (await rp.ExchangeAsync(code, ("redirect_uri", Callback + "/"))).ShouldBeError(HttpStatusCode.BadRequest, "invalid_grant");
        Assert.Equal(HttpStatusCode.OK, (await rp.ExchangeAsync(code, ("redirect_uri", Callback))).Status);
    }

    [Fact]
    public async Task A_redirect_uri_that_was_not_sent_may_be_sent_with_the_code()
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();

        Assert.Equal(HttpStatusCode.OK, (await rp.ExchangeAsync(await rp.CodeAsync(browser), ("redirect_uri", Callback))).Status);
    }

    [Fact]
    public async Task An_app_without_a_secret_authenticates_with_the_verifier()
    {
        var rp = new RelyingParty(portal, await portal.PublicAppAsync(await portal.AccountAsync(), "com.example.app:/cb"));
        var browser = await portal.BrowserOfAsync(await portal.AccountAsync());
        const string verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        var code = await rp.CodeAsync(browser, ("code_challenge", ChallengeOf(verifier)), ("code_challenge_method", "S256"));

        (await rp.ExchangeAsync(code)).ShouldBeError(HttpStatusCode.BadRequest, "invalid_request");
        (await rp.ExchangeAsync(code, ("code_verifier", verifier + "x"))).ShouldBeError(HttpStatusCode.BadRequest, "invalid_grant");
        (await rp.ExchangeAsync(code, ("code_verifier", verifier), ("client_secret", "x")))
            .ShouldBeError(HttpStatusCode.Unauthorized, "invalid_client");
        Assert.Equal(HttpStatusCode.OK, (await rp.ExchangeAsync(code, ("code_verifier", verifier))).Status);
    }

    /// <summary>The challenge fits each of these verifiers, so only the rule of RFC 7636 section 4.1 decides.</summary>
    [Theory]
    [InlineData(42, "a", "has 42 characters; it must have 43 to 128")]
    [InlineData(43, "a", null)]
    [InlineData(43, "-._~", null)]
    [InlineData(128, "Zz9", null)]
    [InlineData(129, "a", "has 129 characters; it must have 43 to 128")]
    [InlineData(43, "a+", "holds characters other than")]
    [InlineData(43, "a/", "holds characters other than")]
    [InlineData(43, "a ", "holds characters other than")]
    [InlineData(44, "a=", "holds characters other than")]
    [InlineData(43, "\u00e9", "holds characters other than")]
    public async Task A_verifier_has_43_to_128_unreserved_characters(int length, string characters, string? reason)
    {
        var rp = new RelyingParty(portal, await portal.PublicAppAsync(await portal.AccountAsync(), "com.example.app:/cb"));
        var browser = await portal.BrowserOfAsync(await portal.AccountAsync());
        var verifier = string.Concat(Enumerable.Repeat(characters, length))[..length];
        var code = await rp.CodeAsync(browser, ("code_challenge", ChallengeOf(verifier)), ("code_challenge_method", "S256"));

        var answer = await rp.ExchangeAsync(code, ("code_verifier", verifier));

        if (reason is null)
        {
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            return;
        }

        Assert.Contains(
            reason, answer.ShouldBeError(HttpStatusCode.BadRequest, "invalid_grant")["error_description"], StringComparison.Ordinal);
        Assert.DoesNotContain(verifier, answer.Text, StringComparison.Ordinal);
    }

    /// <summary>A used code is answered like a fresh one: the verifier is judged first, so it revokes nothing.</summary>
    [Fact]
    public async Task A_malformed_verifier_neither_consumes_a_code_nor_says_that_it_was_used()
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();
        const string verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        var code = await rp.CodeAsync(browser, ("code_challenge", ChallengeOf(verifier)), ("code_challenge_method", "S256"));

        var fresh = (await rp.ExchangeAsync(code, ("code_verifier", "short"))).ShouldBeError(HttpStatusCode.BadRequest, "invalid_grant");
        var token = (await rp.ExchangeAsync(code, ("code_verifier", verifier)))["access_token"]!;
        portal.Time.Advance(TimeSpan.FromSeconds(60));
        var used = (await rp.ExchangeAsync(code, ("code_verifier", "short"))).ShouldBeError(HttpStatusCode.BadRequest, "invalid_grant");

        Assert.Equal(fresh["error_description"], used["error_description"]);
        Assert.Equal(HttpStatusCode.OK, (await rp.CallAsync(token)).Status);
    }

    [Fact]
    public async Task A_code_expires_after_five_minutes()
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();
        var inTime = await rp.CodeAsync(browser);
        portal.Time.Advance(TimeSpan.FromSeconds(299));
        Assert.Equal(HttpStatusCode.OK, (await rp.ExchangeAsync(inTime)).Status);

        var late = await rp.CodeAsync(browser);
        portal.Time.Advance(TimeSpan.FromSeconds(300));
        (await rp.ExchangeAsync(late)).ShouldBeError(HttpStatusCode.BadRequest, "invalid_grant");
    }

    [Fact]
    public async Task A_code_of_another_app_is_refused_and_not_consumed()
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();
        var otherApp = new RelyingParty(portal, await portal.AppAsync(await portal.AccountAsync(), Callback));
        var code = await rp.CodeAsync(browser);

        (await otherApp.ExchangeAsync(code)).ShouldBeError(HttpStatusCode.BadRequest, "invalid_grant");

        Assert.Equal(HttpStatusCode.OK, (await rp.ExchangeAsync(code)).Status);
    }

    [Fact]
    public async Task A_retry_within_ten_seconds_is_refused_and_revokes_nothing()
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();
        var code = await rp.CodeAsync(browser);
        var token = (await rp.ExchangeAsync(code))["access_token"]!;

        portal.Time.Advance(TimeSpan.FromSeconds(10));

        var refusal = (await rp.ExchangeAsync(code)).ShouldBeError(HttpStatusCode.BadRequest, "invalid_grant");
        Assert.Contains("use the token that it got the first time", refusal["error_description"], StringComparison.Ordinal);
        Assert.Equal("True", (await rp.IntrospectAsync(token))["active"]);
    }

    /// <summary>A restored page sends once more what it sent before, so it has the verifier; a thief of the code has not.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_used_code_with_its_verifier_revokes_nothing_however_late_it_comes(bool hasSecret)
    {
        var browser = await portal.BrowserOfAsync(await portal.AccountAsync());
        var owner = await portal.AccountAsync();
        var app = hasSecret ? await portal.AppAsync(owner, Callback) : await portal.PublicAppAsync(owner, Callback);
        var rp = new RelyingParty(portal, app);
        const string verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        var code = await rp.CodeAsync(browser, ("code_challenge", ChallengeOf(verifier)), ("code_challenge_method", "S256"));
        var token = (await rp.ExchangeAsync(code, ("code_verifier", verifier)))["access_token"]!;

        portal.Leap(TimeSpan.FromSeconds(299));

        var refusal = (await rp.ExchangeAsync(code, ("code_verifier", verifier)))
            .ShouldBeError(HttpStatusCode.BadRequest, "invalid_grant");
        Assert.Contains("use the token that it got the first time", refusal["error_description"], StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await rp.CallAsync(token)).Status);
    }

    [Theory]
    [InlineData(300)]
    [InlineData(400 * 24 * 3600)]
    public async Task A_used_code_that_comes_again_after_its_lifetime_revokes_nothing(int seconds)
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();
        var code = await rp.CodeAsync(browser);
        var token = (await rp.ExchangeAsync(code))["access_token"]!;

        portal.Leap(TimeSpan.FromSeconds(seconds));

        (await rp.ExchangeAsync(code)).ShouldBeError(HttpStatusCode.BadRequest, "invalid_grant");
        Assert.Equal("True", (await rp.IntrospectAsync(token))["active"]);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(299)]
    public async Task A_later_replay_revokes_the_one_token_that_the_code_gave(int seconds)
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();
        var other = await rp.InstallAsync(browser);
        var code = await rp.CodeAsync(browser);
        var token = (await rp.ExchangeAsync(code))["access_token"]!;

        portal.Time.Advance(TimeSpan.FromSeconds(seconds));

        var refusal = (await rp.ExchangeAsync(code)).ShouldBeError(HttpStatusCode.BadRequest, "invalid_grant");
        Assert.Contains("the token that it gave is revoked now", refusal["error_description"], StringComparison.Ordinal);
        Assert.Equal("False", (await rp.IntrospectAsync(token))["active"]);
        Assert.Equal("True", (await rp.IntrospectAsync(other))["active"]);
    }

    [Fact]
    public async Task A_replay_is_logged_once_however_often_the_code_is_sent()
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();
        var code = await rp.CodeAsync(browser);
        await rp.ExchangeAsync(code);
        portal.Time.Advance(TimeSpan.FromMinutes(1));

        foreach (var word in (string[])["is revoked now", "is no longer valid"])
        {
            Assert.Contains(word, (await rp.ExchangeAsync(code))["error_description"], StringComparison.Ordinal);
            Assert.Single(portal.Log.Text.Split('\n'),
                line => line.Contains($"A code of app {rp.App.ClientId} was replayed", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_code_that_waits_ends_when_the_app_is_uninstalled()
    {
        var account = await portal.AccountAsync();
        var rp = new RelyingParty(portal, await portal.AppAsync(await portal.AccountAsync(), Callback));
        var code = await rp.CodeAsync(await portal.BrowserOfAsync(account));
        await portal.InScopeAsync(services => services.GetRequiredService<GrantEnding>().UninstallAsync(account.Id, rp.App.ClientId));

        var refusal = (await rp.ExchangeAsync(code)).ShouldBeError(HttpStatusCode.BadRequest, "invalid_grant");

        Assert.StartsWith("This code was withdrawn", refusal["error_description"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_code_that_was_sent_to_a_redirect_uri_that_is_removed_gives_no_token()
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();
        var code = await rp.CodeAsync(browser);
        await portal.AskDatabaseAsync(database => database.Apps.Where(app => app.ClientId == rp.App.ClientId)
            .ExecuteUpdateAsync(app => app.SetProperty(a => a.RedirectUris, "[\"https://app.example/new\"]")));

        var refusal = (await rp.ExchangeAsync(code)).ShouldBeError(HttpStatusCode.BadRequest, "invalid_grant");

        Assert.Contains("is no longer registered for this app", refusal["error_description"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_replay_by_another_app_or_with_wrong_parameters_revokes_nothing()
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();
        var otherApp = new RelyingParty(portal, await portal.AppAsync(await portal.AccountAsync(), Callback));
        var code = await rp.CodeAsync(browser, ("redirect_uri", Callback));
        var token = (await rp.ExchangeAsync(code, ("redirect_uri", Callback)))["access_token"]!;
        portal.Time.Advance(TimeSpan.FromMinutes(1));

        (await otherApp.ExchangeAsync(code, ("redirect_uri", Callback))).ShouldBeError(HttpStatusCode.BadRequest, "invalid_grant");
        (await rp.ExchangeAsync(code, ("redirect_uri", Callback), ("client_secret", "wrong")))
            .ShouldBeError(HttpStatusCode.Unauthorized, "invalid_client");
        (await rp.ExchangeAsync(code, ("redirect_uri", "https://app.example/other")))
            .ShouldBeError(HttpStatusCode.BadRequest, "invalid_grant");
        (await rp.ExchangeAsync(code)).ShouldBeError(HttpStatusCode.BadRequest, "invalid_request");

        Assert.Equal("True", (await rp.IntrospectAsync(token))["active"]);
    }

    [Fact]
    public async Task Of_32_parallel_posts_exactly_one_gets_a_token_and_it_is_valid()
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();
        for (var round = 0; round < 3; round++)
        {
            var code = await rp.CodeAsync(browser, ("prompt", "consent"));

            var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(() => rp.ExchangeAsync(code))));

            var won = Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
            Assert.All(answers.Where(answer => answer != won), answer => answer.ShouldBeError(HttpStatusCode.BadRequest, "invalid_grant"));
            Assert.Equal("True", (await rp.IntrospectAsync(won["access_token"]!))["active"]);
        }
    }

    [Fact]
    public async Task A_suspended_app_or_account_gets_no_token()
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();
        var code = await rp.CodeAsync(browser);
        await SuspendAppAsync(rp.App, portal.Time.GetUtcNow());
        (await rp.ExchangeAsync(code)).ShouldBeError(HttpStatusCode.BadRequest, "unauthorized_client");

        await SuspendAppAsync(rp.App, null);
        await portal.AskDatabaseAsync(database => database.Users
            .Where(account => database.Tokens.Any(t => t.Subject == account.Id && t.Application!.ClientId == rp.App.ClientId))
            .ExecuteUpdateAsync(account => account.SetProperty(a => a.SuspendedAt, portal.Time.GetUtcNow())));
        (await rp.ExchangeAsync(code)).ShouldBeError(HttpStatusCode.BadRequest, "invalid_grant");
    }

    [Fact]
    public async Task After_a_rotation_both_secrets_work()
    {
        var (rp, browser) = await portal.AppAndBrowserAsync();
        var hash = await portal.AskDatabaseAsync(database => database.Apps
            .Where(a => a.ClientId == rp.App.ClientId).Select(a => a.ClientSecret).SingleAsync());
        var newSecret = new string('n', 64);
        await portal.AskDatabaseAsync(database => database.Apps.Where(a => a.ClientId == rp.App.ClientId).ExecuteUpdateAsync(a => a
            .SetProperty(x => x.PreviousSecretHash, hash)
            .SetProperty(x => x.ClientSecret, Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(newSecret))))));

        Assert.Equal(HttpStatusCode.OK, (await rp.ExchangeAsync(await rp.CodeAsync(browser))).Status);
        Assert.Equal(HttpStatusCode.OK, (await rp.ExchangeAsync(await rp.CodeAsync(browser), ("client_secret", newSecret))).Status);
    }

    private Task<int> SuspendAppAsync(GivenApp app, DateTimeOffset? at) => portal.AskDatabaseAsync(database => database.Apps
        .Where(a => a.ClientId == app.ClientId).ExecuteUpdateAsync(a => a.SetProperty(x => x.SuspendedAt, at)));

    private static async Task<byte[]> ReadAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    private static string ChallengeOf(string verifier)
        => WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
}

[Trait("Category", "Fast")]
public sealed class TokenOnSqlite(PortalFactory portal) : TokenTests(portal), IClassFixture<PortalFactory>;

[Trait("Category", "Database")]
public sealed class TokenOnPostgreSql(PostgreSqlPortal portal) : TokenTests(portal), IClassFixture<PostgreSqlPortal>;
