using Bunit;
using Xeno.Portal.Apps;
using Xeno.Portal.Apps.Components;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Apps;

/// <summary>What the fields of an app say while they are filled in.</summary>
[Trait("Category", "Fast")]
public sealed class AppFieldsTests : MudContext
{
    private const string Advice = "A loopback address such as http://127.0.0.1/callback is safer";

    [Fact]
    public void The_advice_about_schemes_follows_the_text_and_the_kind_of_app()
    {
        var form = new AppForm { RedirectUris = "cursor://anysphere.cursor-mcp/cb", HasSecret = true };
        var fields = Render<AppFields>(parameters => parameters.Add(component => component.Form, form));
        Assert.DoesNotContain(Advice, fields.Markup, StringComparison.Ordinal);

        form.HasSecret = false;
        fields.Render(parameters => parameters.Add(component => component.Form, form));
        Assert.Contains(Advice, fields.Markup, StringComparison.Ordinal);

        fields.Find("textarea").Change("https://app.example/cb");
        Assert.DoesNotContain(Advice, fields.Markup, StringComparison.Ordinal);
    }
}
