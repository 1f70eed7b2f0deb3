using System.Net;
using Xeno.Portal.OAuth;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.OAuth;

/// <summary>Long authorization requests, and their short form on the way through log-in.</summary>
[Trait("Category", "Fast")]
public sealed class PackedRequestTests(ListeningPortal portal) : IClassFixture<ListeningPortal>
{
    [Theory]
    [InlineData("\u044f", true)]
    [InlineData("\u6f22", true)]
    [InlineData("\u6f22", false)]
    [InlineData("\U0001F600", false)]
    public async Task A_request_at_the_limits_passes_log_in_registration_and_consent(string letter, bool byLogIn)
    {
        var account = await portal.AccountAsync();
        using var browser = await portal.ClientAsync(portal.Origin);
        var rp = new RelyingParty(browser, await portal.AppAsync(account, LongRequest.RedirectUri));

        await LongRequest.ShouldPassAsync(browser, rp, letter, byLogIn ? account.Email : null);
    }

    [Fact]
    public async Task A_state_beyond_the_limit_is_refused_by_its_bytes()
    {
        var account = await portal.AccountAsync();
        using var browser = await portal.ClientAsync(portal.Origin, account);
        var rp = new RelyingParty(browser, await portal.AppAsync(account, GivenApps.Callback));

        var answer = (await browser.GetAsync(rp.AuthorizeUrl(("state", LongRequest.State("\u6f22") + "x")))).RedirectQuery();

        Assert.Equal("invalid_request", answer["error"]);
        Assert.Contains("has 4097 bytes of UTF-8; at most 4096", answer["error_description"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("!!!")]
    [InlineData("iwqA")]
    [InlineData("iwqA&utm_source=mail")]
    public async Task A_packed_request_that_was_cut_or_changed_is_an_error_page_that_says_so(string packed)
    {
        using var browser = await portal.ClientAsync(portal.Origin);

        var answer = await browser.GetAsync($"/oauth/authorize?{PackedRequest.Parameter}={packed}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var page = await answer.PageAsync();
        Assert.Equal("This link was cut or changed", page.QuerySelector("h1")!.TextContent);
        Assert.Contains("Go back to the app and start again.", page.QuerySelector("main")!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("not registered", page.QuerySelector("main")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Parameters_that_others_add_to_a_packed_request_are_ignored()
    {
        var url = PackedRequest.Url([new("state", LongRequest.State("\u6f22"))]);
        var query = url["/oauth/authorize?".Length..];

        Assert.Equal(PackedRequest.Query(query), PackedRequest.Query(query + "&utm_source=mail"));
    }

    [Fact]
    public async Task An_apps_own_parameter_of_that_name_is_ignored()
    {
        var account = await portal.AccountAsync();
        using var browser = await portal.ClientAsync(portal.Origin, account);
        var rp = new RelyingParty(browser, await portal.AppAsync(account, GivenApps.Callback));

        var page = await browser.GetAsync(rp.AuthorizeUrl().Replace("?", "?packed=1&", StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    [Fact]
    public void A_request_that_lost_its_end_is_not_read_by_half()
    {
        var query = PackedRequest.Url([new("state", LongRequest.State("\u6f22"))])["/oauth/authorize?".Length..];

        var whole = PackedRequest.Query(query)!;

        // The last characters may be padding.
        Assert.All(Enumerable.Range(1, 40), cut => Assert.True(
            PackedRequest.Query(query[..^cut]) is not { } read || read.SequenceEqual(whole), $"Read by half without {cut} characters."));
        Assert.Null(PackedRequest.Query(query[..^40]));
    }

    [Fact]
    public void A_short_request_stays_readable_and_a_long_one_comes_back_as_it_was()
    {
        Assert.Equal("/oauth/authorize?state=s", PackedRequest.Url([new("state", "s")]));

        var state = LongRequest.State("\u6f22");
        var url = PackedRequest.Url([new("state", state)]);

        Assert.Matches("^/oauth/authorize\\?packed=[A-Za-z0-9_-]+$", url);
        Assert.Equal(
            $"state={Uri.EscapeDataString(state)}",
            System.Text.Encoding.UTF8.GetString(PackedRequest.Query(url["/oauth/authorize?".Length..])!));
    }

    [Fact]
    public void What_unpacks_to_more_than_any_request_is_refused()
    {
        var url = PackedRequest.Url([new("state", new string('x', 1024 * 1024))]);

        Assert.Null(PackedRequest.Query(url["/oauth/authorize?".Length..]));
    }
}
