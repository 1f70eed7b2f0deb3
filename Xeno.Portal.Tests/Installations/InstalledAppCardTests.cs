using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xeno.Portal.Installations;
using Xeno.Portal.Installations.Components;
using Xeno.Portal.Scopes;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Installations;

[Trait("Category", "Fast")]
public sealed class InstalledAppCardTests : MudContext
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero));

    public InstalledAppCardTests() => Services.AddSingleton<TimeProvider>(_time);

    [Fact]
    public void The_region_is_named_exactly_by_the_app_and_its_buttons_by_what_they_do()
    {
        var app = App();
        (InstalledApp, InstalledToken)? revoked = null;
        InstalledApp? uninstalled = null;

        var card = Render<InstalledAppCard>(p => p.Add(c => c.App, app)
            .Add(c => c.OnRevoke, chosen => revoked = chosen).Add(c => c.OnUninstall, chosen => uninstalled = chosen));

        Assert.Equal("A & B <app>", card.Find("[role=region]").GetAttribute("aria-label"));
        card.FindAll("button").Where(button => button.TextContent == "Revoke").ElementAt(1).Click();
        Assert.Equal(app.Tokens[1], revoked?.Item2);
        card.FindAll("button").Single(button => button.TextContent == "Uninstall").Click();
        Assert.Equal(app, uninstalled);
    }

    [Fact]
    public void The_card_says_what_the_app_may_do_and_when_it_was_used()
    {
        var card = Render<InstalledAppCard>(p => p.Add(c => c.App, App()));

        Assert.Contains(ScopeCatalog.Contacts.Permission, card.Markup, StringComparison.Ordinal);
        Assert.Contains("3 hours ago", card.Markup, StringComparison.Ordinal);
        Assert.Contains("never", card.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Tokens_that_are_not_listed_are_behind_a_button_that_says_how_many()
    {
        InstalledApp? asked = null;
        var card = Render<InstalledAppCard>(p => p.Add(c => c.App, App()).Add(c => c.OnShowOlder, app => asked = app));

        Assert.Contains("3 tokens", card.Markup, StringComparison.Ordinal);
        card.FindAll("button").Single(button => button.TextContent.Trim() == "Show 1 older").Click();

        Assert.Equal("xa_1", asked?.ClientId);
    }

    [Fact]
    public void Names_in_sentences_are_isolated_and_the_name_of_the_region_is_plain()
    {
        var card = Render<InstalledAppCard>(p => p.Add(c => c.App, App() with { Name = "קפה!", Developer = "דנה!" }));

        Assert.Equal("קפה!", card.Find("[role=region]").GetAttribute("aria-label"));
        Assert.Equal("<bdi>קפה!</bdi>", card.Find("h2").InnerHtml);
        Assert.Equal("דנה!", card.Find("h2 + p > bdi").TextContent);
        Assert.Equal("Token 11111111 of <bdi>קפה!</bdi>", card.Find("[hidden]").InnerHtml);
    }

    private InstalledApp App()
    {
        var now = _time.GetUtcNow();
        return new InstalledApp(
            "xa_1", "A & B <app>", null, "somebody", false, ScopeSet.Of(ScopeCatalog.Contacts), now.AddDays(-3), now.AddHours(-3), 3,
        [
            new InstalledToken("aaaaaaaa11111111", ScopeSet.Of(ScopeCatalog.Contacts), now.AddDays(-1), now.AddHours(-3)),
            new InstalledToken("bbbbbbbb22222222", ScopeSet.Of(ScopeCatalog.Contacts), now.AddDays(-3), null),
        ]);
    }
}
