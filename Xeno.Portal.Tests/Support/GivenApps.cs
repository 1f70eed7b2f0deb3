using Microsoft.Extensions.DependencyInjection;
using Xeno.Portal.Apps;

namespace Xeno.Portal.Tests.Support;

/// <summary>Apps that must be there before a test acts, registered as their developer would.</summary>
public static class GivenApps
{
    /// <summary>An app with a secret.</summary>
    public static Task<GivenApp> AppAsync(this PortalFactory portal, GivenAccount owner, params string[] redirectUris)
        => portal.RegisterAsync(owner, hasSecret: true, redirectUris);

    /// <summary>An app without a secret.</summary>
    public static Task<GivenApp> PublicAppAsync(this PortalFactory portal, GivenAccount owner, params string[] redirectUris)
        => portal.RegisterAsync(owner, hasSecret: false, redirectUris);

    private static Task<GivenApp> RegisterAsync(this PortalFactory portal, GivenAccount owner, bool hasSecret, string[] redirectUris)
        => portal.InScopeAsync(async services =>
        {
            var name = $"App {Guid.NewGuid():N}"[..16];
            var made = await services.GetRequiredService<AppRegistry>().RegisterAsync(
                owner.Id, new AppForm { Name = name, RedirectUris = string.Join('\n', redirectUris), HasSecret = hasSecret });
            Assert.False(made.Problems.Any, made.Problems.ToString());
            return new GivenApp(made.ClientId!, made.Secret, name);
        });
}

/// <summary>An app a test may use.</summary>
public sealed record GivenApp(string ClientId, string? Secret, string Name);
