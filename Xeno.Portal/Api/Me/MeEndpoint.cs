using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Xeno.Portal.Data;

namespace Xeno.Portal.Api.Me;

/// <summary>GET /api/v1/me: whom the token speaks for, with any scope.</summary>
internal static class MeEndpoint
{
    public static void MapMe(this RouteGroupBuilder api) => api.MapGet("/me", GetAsync);

    private static async Task<Ok<MeResponse>> GetAsync(Caller caller, MeService me, CancellationToken cancellationToken)
        => TypedResults.Ok(await me.GetAsync(caller, cancellationToken));
}

/// <summary>Who the account is, in one statement.</summary>
internal sealed class MeService(PortalDbContext database)
{
    public async Task<MeResponse> GetAsync(Caller caller, CancellationToken cancellationToken)
    {
        var account = await database.Accounts.AsNoTracking().Where(account => account.Id == caller.AccountId)
            .Select(account => new { account.Email, account.DisplayName }).SingleAsync(cancellationToken);
        var email = account.Email ?? "";
        return new MeResponse(
            caller.AccountId, email, account.DisplayName ?? email.Split('@')[0], caller.ClientId, [.. caller.Scopes.Names]);
    }
}

/// <summary>The account, and the app that asks.</summary>
public sealed record MeResponse(string Id, string Email, string DisplayName, string ClientId, IReadOnlyList<string> Scopes);
