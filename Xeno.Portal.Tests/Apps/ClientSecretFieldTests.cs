using Bunit;
using Xeno.Portal.Apps.Components;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Apps;

[Trait("Category", "Fast")]
public sealed class ClientSecretFieldTests : MudContext
{
    [Fact]
    public void A_masked_secret_offers_to_reveal_it()
    {
        var asked = false;
        var field = Render<ClientSecretField>(p => p.Add(f => f.CanReveal, true).Add(f => f.OnReveal, () => asked = true));

        Assert.Matches("^•+$", field.Find("[data-testid=client-secret]").TextContent);
        field.Find("button").Click();
        Assert.True(asked);
    }

    [Fact]
    public void Without_a_readable_copy_it_says_what_to_do_instead()
    {
        var field = Render<ClientSecretField>(p => p.Add(f => f.CanReveal, false));

        Assert.Empty(field.FindAll("button"));
        Assert.Contains("rotate it", field.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_shown_secret_can_be_copied_and_hidden()
    {
        var hidden = false;
        var field = Render<ClientSecretField>(p => p.Add(f => f.Secret, "xs_1").Add(f => f.OnHide, () => hidden = true));

        Assert.Equal("xs_1", field.Find("[data-testid=client-secret]").TextContent);
        Assert.Equal("xs_1", field.Find("button[aria-label='Copy Client Secret']").GetAttribute("data-copy"));
        field.FindAll("button").Single(button => button.TextContent == "Hide").Click();
        Assert.True(hidden);
    }
}
