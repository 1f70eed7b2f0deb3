using Microsoft.Extensions.DependencyInjection;
using Xeno.Portal.Apps;

namespace Xeno.Portal.Tests.Support;

/// <summary>Apps that must be there before a test acts, registered as their developer would.</summary>
public static class GivenApps
{
    /// <summary>The redirect URI of the apps in most tests.</summary>
    public const string Callback = "https://app.example/callback";

    /// <summary>An app with a secret.</summary>
    public static Task<GivenApp> AppAsync(this PortalFactory portal, GivenAccount owner, params string[] redirectUris)
        => portal.RegisterAsync(owner, hasSecret: true, redirectUris);

    /// <summary>An app without a secret.</summary>
    public static Task<GivenApp> PublicAppAsync(this PortalFactory portal, GivenAccount owner, params string[] redirectUris)
        => portal.RegisterAsync(owner, hasSecret: false, redirectUris);

    /// <summary>An app with a secret, of that name and homepage.</summary>
    public static Task<GivenApp> NamedAppAsync(this PortalFactory portal, GivenAccount owner, string name, string? homepage = null)
        => portal.RegisterAsync(owner, new AppForm { Name = name, RedirectUris = Callback, HomepageUrl = homepage });

    /// <summary>
    /// An app with a secret, and a signed-in browser of an account that does not own the app. The app's one redirect URI is
    /// <see cref="Callback"/> unless others are given.
    /// </summary>
    public static async Task<(RelyingParty App, HttpClient Browser)> AppAndBrowserAsync(
        this PortalFactory portal, params string[] redirectUris)
    {
        var app = await portal.AppAsync(await portal.AccountAsync(), redirectUris.Length == 0 ? [Callback] : redirectUris);
        return (new RelyingParty(portal, app), await portal.BrowserOfAsync(await portal.AccountAsync()));
    }

    /// <summary>An app with a secret, installed on <paramref name="account"/>, and its token.</summary>
    public static async Task<(RelyingParty App, string Token)> InstallAsync(
        this PortalFactory portal, GivenAccount account, string scope = "widgets")
    {
        var rp = new RelyingParty(portal, await portal.AppAsync(await portal.AccountAsync(), Callback));
        return (rp, await rp.InstallAsync(await portal.BrowserOfAsync(account), scope));
    }

    private static Task<GivenApp> RegisterAsync(this PortalFactory portal, GivenAccount owner, bool hasSecret, string[] redirectUris)
        => portal.RegisterAsync(owner, new AppForm
        {
            Name = $"App {Guid.NewGuid():N}"[..16], RedirectUris = string.Join('\n', redirectUris), HasSecret = hasSecret,
        });

    private static Task<GivenApp> RegisterAsync(this PortalFactory portal, GivenAccount owner, AppForm form)
        => portal.InScopeAsync(async services =>
        {
            var made = await services.GetRequiredService<AppRegistry>().RegisterAsync(owner.Actor, form);
            Assert.False(made.Problems.Any, made.Problems.ToString());
            return new GivenApp(made.ClientId!, made.Secret, form.Name!);
        });
}

/// <summary>An app for a test.</summary>
public sealed record GivenApp(string ClientId, string? Secret, string Name);
