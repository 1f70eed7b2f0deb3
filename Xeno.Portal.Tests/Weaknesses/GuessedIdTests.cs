using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xeno.Portal.Installations;
using Xeno.Portal.Playground;
using Xeno.Portal.Tests.Support;
using static Xeno.Portal.Tests.Support.GivenApps;

namespace Xeno.Portal.Tests.Weaknesses;

/// <summary>
/// Guessed ids: a thing of another account is answered as if it did not exist, also to a caller that knows its id. (The service methods of
/// apps are in <c>AppRegistryTests</c>, those of installed apps in <c>InstallationServiceTests</c>, tokens of other apps in
/// <c>RevokeAndIntrospectTests</c>.)
/// </summary>
public abstract class GuessedIdTests(PortalFactory portal)
{
    [Theory]
    [InlineData("GET", "/apps/{0}")]
    [InlineData("GET", "/apps/{0}/")]
    [InlineData("GET", "/APPS/{0}")]
    [InlineData("GET", "/Apps/{0}/")]
    [InlineData("HEAD", "/apps/{0}")]
    [InlineData("GET", "/apps/{0}?x=1")]
    [InlineData("GET", "/apps/{0}/logo")]
    [InlineData("GET", "/apps/{0}/redirect-uris")]
    [InlineData("GET", "/apps//{0}")]
    public async Task The_page_of_another_accounts_app_is_answered_like_that_of_an_unknown_app(string method, string address)
    {
        var (theirs, other) = await AppAndOtherBrowserAsync();

        var response = await SendAsync(other, method, string.Format(null, address, theirs.ClientId));
        var none = await SendAsync(other, method, string.Format(null, address, "xa_000000000000000000000000"));

        Assert.Equal((none.StatusCode, none.Content.Headers.ContentType), (response.StatusCode, response.Content.Headers.ContentType));
        Assert.True(response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed, response.StatusCode.ToString());
        var page = await response.Content.ReadAsStringAsync();
        Assert.DoesNotContain(theirs.Name, page, StringComparison.Ordinal);
        Assert.DoesNotContain(Callback, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_of_an_own_app_is_found_with_a_slash_and_in_other_letter_case()
    {
        var owner = await portal.AccountAsync();
        var app = await portal.AppAsync(owner, Callback);
        var browser = await portal.BrowserOfAsync(owner);

        foreach (var address in new[] { $"/apps/{app.ClientId}", $"/Apps/{app.ClientId}/", "/apps/new", "/apps/new/", "/APPS/NEW" })
            Assert.Equal((address, HttpStatusCode.OK), (address, (await browser.GetAsync(address)).StatusCode));
    }

    [Fact]
    public async Task A_form_of_another_account_adds_no_redirect_uri()
    {
        var (theirs, other) = await AppAndOtherBrowserAsync();
        var form = (await (await other.GetAsync(await OwnErrorPageAsync(other))).PageAsync()).Forms
            .Single(f => f.GetAttribute("action")!.EndsWith("/redirect-uris", StringComparison.Ordinal)).QuerySelectorAll("input")
            .ToDictionary(input => input.GetAttribute("name")!, input => input.GetAttribute("value")!, StringComparer.Ordinal);

        var response = await other.PostAsync($"/apps/{theirs.ClientId}/redirect-uris", new FormUrlEncodedContent(form));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal($"[\"{Callback}\"]", await portal.AskDatabaseAsync(database => database.Apps
            .Where(a => a.ClientId == theirs.ClientId).Select(a => a.RedirectUris).SingleAsync()));
        var signedOut = await portal.Browser().PostAsync($"/apps/{theirs.ClientId}/redirect-uris", new FormUrlEncodedContent(form));
        Assert.Contains("/account/login?", signedOut.Headers.Location!.OriginalString, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("widgets")]
    [InlineData("faqs")]
    [InlineData("contacts")]
    [InlineData("conversations")]
    public async Task A_cursor_from_another_accounts_list_gives_only_own_rows(string path)
    {
        var (mine, theirs) = (await WithRowsAsync(), await WithRowsAsync());

        var foreignCursor = (await theirs.Rp.CallAsync(theirs.Token, $"/api/v1/{path}?limit=1"))["next_cursor"];
        var theirRows = Ids(await theirs.Rp.CallAsync(theirs.Token, $"/api/v1/{path}?limit=100"));
        var seen = Ids(await mine.Rp.CallAsync(mine.Token, $"/api/v1/{path}?limit=100&cursor={foreignCursor}"));

        Assert.NotEmpty(theirRows);
        Assert.Empty(seen.Intersect(theirRows));

        static string[] Ids(JsonAnswer answer)
        {
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            return [.. answer.Json.GetProperty("data").EnumerateArray().Select(row => row.GetProperty("id").GetString()!)];
        }
    }

    [Fact]
    public async Task Ids_of_rows_are_not_accepted_as_tokens()
    {
        var account = await portal.AccountAsync();
        var rp = new RelyingParty(portal, await portal.AppAsync(await portal.AccountAsync(), Callback));
        var token = await rp.InstallAsync(await portal.BrowserOfAsync(account));
        var row = await portal.AskDatabaseAsync(database => database.Tokens
            .Where(t => t.Subject == account.Id && t.Type == "access_token").SingleAsync());

        string[] guesses =
        [
            row.Id!, row.AuthorizationId!, row.ReferenceId!, token.ToUpperInvariant(), token[..^1], token + "0", account.Id,
        ];
        foreach (var guess in guesses)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await rp.CallAsync(guess)).Status);
            Assert.Equal("False", (await rp.IntrospectAsync(guess))["active"]);
            Assert.Equal(HttpStatusCode.OK, (await rp.RevokeAsync(guess)).Status);
            (await rp.ExchangeAsync(guess)).ShouldBeError(HttpStatusCode.BadRequest, "invalid_grant");
        }

        Assert.Equal(HttpStatusCode.OK, (await rp.CallAsync(token)).Status);
    }

    [Fact]
    public async Task A_developer_cannot_end_installations_on_other_accounts()
    {
        var (developer, account) = (await portal.AccountAsync(), await portal.AccountAsync());
        var rp = new RelyingParty(portal, await portal.AppAsync(developer, Callback));
        var token = await rp.InstallAsync(await portal.BrowserOfAsync(account));
        var id = await portal.AskDatabaseAsync(database => database.Tokens
            .Where(t => t.Subject == account.Id && t.Type == "access_token").Select(t => t.Id).SingleAsync());

        await portal.InScopeAsync(async services =>
        {
            var installations = services.GetRequiredService<InstallationService>();
            Assert.False(await installations.RevokeTokenAsync(developer.Id, id!));
            Assert.False(await installations.UninstallAsync(developer.Id, rp.App.ClientId));
            Assert.Empty((await installations.ListForAsync(developer.Id)).Apps);
        });

        Assert.Equal(HttpStatusCode.OK, (await rp.CallAsync(token)).Status);
    }

    [Fact]
    public async Task The_playground_uses_only_apps_of_the_signed_in_account()
    {
        var (theirs, _) = await AppAndOtherBrowserAsync();
        var other = await portal.AccountAsync();

        await portal.InScopeAsync(async services =>
        {
            var flow = services.GetRequiredService<PlaygroundFlow>();
            Assert.Empty(await flow.AppsOfAsync(other.Id, "http://localhost"));
            Assert.NotNull(await flow.AddCallbackAsync(other.Actor, theirs.ClientId, "http://localhost"));
        });

        Assert.Equal($"[\"{Callback}\"]", await portal.AskDatabaseAsync(database => database.Apps
            .Where(a => a.ClientId == theirs.ClientId).Select(a => a.RedirectUris).SingleAsync()));
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient browser, string method, string address)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), address);
        return await browser.SendAsync(request);
    }

    private async Task<(GivenApp Theirs, HttpClient Other)> AppAndOtherBrowserAsync()
        => (await portal.AppAsync(await portal.AccountAsync(), Callback), await portal.BrowserOfAsync(await portal.AccountAsync()));

    /// <summary>
    /// The error page of the browser's own app. It has the button that adds a redirect URI, and so a form with a valid antiforgery token.
    /// </summary>
    private async Task<string> OwnErrorPageAsync(HttpClient other)
    {
        var owner = await portal.AccountAsync();
        await portal.SignInAsync(other, owner);
        var own = await portal.AppAsync(owner, Callback);
        return new RelyingParty(portal, own).AuthorizeUrl(("redirect_uri", "https://evil.example/cb"));
    }

    private async Task<(RelyingParty Rp, string Token)> WithRowsAsync()
        => await portal.InstallAsync(await portal.SampleAccountAsync(), "widgets faqs contacts conversations");
}

[Trait("Category", "Fast")]
public sealed class GuessedIdsOnSqlite(PortalFactory portal) : GuessedIdTests(portal), IClassFixture<PortalFactory>;

[Trait("Category", "Database")]
public sealed class GuessedIdsOnPostgreSql(PostgreSqlPortal portal) : GuessedIdTests(portal), IClassFixture<PostgreSqlPortal>;
