using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xeno.Portal.Api;
using Xeno.Portal.Data.OAuth;
using Xeno.Portal.Tests.Support;
using static Xeno.Portal.Tests.Support.GivenApps;

namespace Xeno.Portal.Tests.Api;

/// <summary>Only a call that succeeds changes "last used".</summary>
[Trait("Category", "Fast")]
public sealed class TokenUseTests
{
    [Fact]
    public async Task A_call_without_the_scope_is_not_counted_as_a_use()
    {
        await using var portal = new PortalFactory();
        var (rp, token) = await InstallAsync(portal);

        Assert.Equal(HttpStatusCode.Forbidden, (await rp.CallAsync(token, "/api/v1/contacts")).Status);

        Assert.Null(await LastUsedAsync(portal, token));
    }

    [Fact]
    public async Task A_call_over_the_limit_is_not_counted_as_a_use()
    {
        await using var portal = new PortalFactory { Settings = { ["RateLimits:ApiCallsPerAppAndAccount"] = "1" } };
        var (rp, token) = await InstallAsync(portal);
        Assert.Equal(HttpStatusCode.OK, (await rp.CallAsync(token)).Status);
        var served = portal.Time.GetUtcNow();

        portal.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await rp.CallAsync(token)).Status);

        Assert.Equal(served, await LastUsedAsync(portal, token));
    }

    [Fact]
    public async Task A_call_that_fails_or_is_invalid_is_not_counted_as_a_use()
    {
        await using var portal = new PortalFactory();
        var (rp, token) = await InstallAsync(portal);
        await portal.AskDatabaseAsync(database => database.Database.ExecuteSqlRawAsync("ALTER TABLE \"Widgets\" RENAME TO \"Away\""));

        Assert.Equal(HttpStatusCode.InternalServerError, (await rp.CallAsync(token, "/api/v1/widgets")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await rp.CallAsync(token, "/api/v1/widgets?limit=0")).Status);

        Assert.Null(await LastUsedAsync(portal, token));
    }

    private static async Task<(RelyingParty, string Token)> InstallAsync(PortalFactory portal)
    {
        var account = await portal.AccountAsync();
        var rp = new RelyingParty(portal, await portal.AppAsync(account, Callback));
        return (rp, await rp.InstallAsync(await portal.BrowserOfAsync(account), "widgets"));
    }

    private static async Task<DateTimeOffset?> LastUsedAsync(PortalFactory portal, string token)
    {
        await portal.Services.GetRequiredService<TokenUse>().FlushAsync();
        return await portal.AskDatabaseAsync(database => database.Tokens
            .Where(row => row.ReferenceId == TokenHash.Of(token)).Select(row => row.LastUsedAt).SingleAsync());
    }
}
