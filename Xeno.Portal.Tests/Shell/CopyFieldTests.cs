using Bunit;
using Xeno.Portal.Shell.Components;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Shell;

[Trait("Category", "Fast")]
public sealed class CopyFieldTests : MudContext
{
    [Fact]
    public void The_copy_button_names_its_value_and_has_a_status_region()
    {
        var field = Render<CopyField>(p => p.Add(f => f.Label, "Client ID").Add(f => f.Value, "xa_1").Add(f => f.TestId, "client-id"));

        Assert.Equal("xa_1", field.Find("[data-testid=client-id]").TextContent);
        Assert.Equal("xa_1", field.Find("button[aria-label='Copy Client ID']").GetAttribute("data-copy"));
        Assert.NotNull(field.Find("[role=status]"));
    }
}
