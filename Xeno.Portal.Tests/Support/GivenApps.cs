using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OpenIddict.Abstractions;
using OpenIddict.Core;
using Xeno.Portal.Data.Apps;

namespace Xeno.Portal.Tests.Support;

public static class GivenApps
{
    public static Task<GivenApp> AppAsync(this PortalFactory portal, GivenAccount owner, params string[] redirectUris)
        => portal.MakeAppAsync(owner, withSecret: true, redirectUris);

    public static Task<GivenApp> PublicAppAsync(this PortalFactory portal, GivenAccount owner, params string[] redirectUris)
        => portal.MakeAppAsync(owner, withSecret: false, redirectUris);

    private static Task<GivenApp> MakeAppAsync(this PortalFactory portal, GivenAccount owner, bool withSecret, string[] redirectUris) => portal.InScopeAsync(async services =>
    {
        var manager = services.GetRequiredService<OpenIddictApplicationManager<RegisteredApp>>();
        var secret = withSecret ? "xs_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)) : null;
        var app = new RegisteredApp
        {
            OwnerId = owner.Id, ClientId = "xa_" + Guid.NewGuid().ToString("N"), DisplayName = "Test app",
            RedirectUris = JsonSerializer.Serialize(redirectUris), CreatedAt = portal.Time.GetUtcNow(),
            ClientType = withSecret ? OpenIddictConstants.ClientTypes.Confidential : OpenIddictConstants.ClientTypes.Public,
            ConsentType = OpenIddictConstants.ConsentTypes.Explicit,
        };
        if (withSecret)
            await manager.CreateAsync(app, secret!);
        else
            await manager.CreateAsync(app);
        return new GivenApp(app.ClientId, secret);
    });
}

public sealed record GivenApp(string ClientId, string? Secret);
