using System.Security.Claims;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Xeno.Portal.Apps;
using Xeno.Portal.Apps.Components;
using Xeno.Portal.Shell;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Apps;

/// <summary>What the page of an app says after a change, and that it reads the app again.</summary>
[Trait("Category", "Fast")]
public sealed class SettingsSectionTests : MudContext, IClassFixture<PortalFactory>
{
    private readonly PortalFactory _portal;

    public SettingsSectionTests(PortalFactory portal)
    {
        _portal = portal;
        Services.AddSingleton(new Fresh<AppRegistry>(portal.Services.GetRequiredService<IServiceScopeFactory>()));
    }

    [Theory]
    [InlineData(false, "The changes were saved.")]
    [InlineData(true, "This app was deleted in the meantime.")]
    public async Task The_result_of_a_change_is_shown_and_the_app_is_read_again(bool isDeleted, string message)
    {
        var owner = await _portal.AccountAsync();
        var clientId = (await _portal.AppAsync(owner, GivenApps.Callback)).ClientId;
        var app = (await ActAsync(apps => apps.FindAsync(owner.Id, clientId)))!;
        if (isDeleted)
            await ActAsync(apps => apps.DeleteAsync(owner.Id, clientId));
        this.AddAuthorization().SetAuthorized("owner").SetClaims(new Claim(ClaimTypes.NameIdentifier, owner.Id));
        var reads = 0;
        var section = Render<SettingsSection>(p => p.Add(s => s.App, app).Add(s => s.OnChanged, () => reads++));

        await section.Find("form").SubmitAsync();

        Assert.Contains(message, section.Markup, StringComparison.Ordinal);
        Assert.Equal(1, reads);
    }

    private Task<TResult> ActAsync<TResult>(Func<AppRegistry, Task<TResult>> act)
        => _portal.InScopeAsync(services => act(services.GetRequiredService<AppRegistry>()));
}
