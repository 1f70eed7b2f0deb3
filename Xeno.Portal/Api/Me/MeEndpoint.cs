using Xeno.Portal.Data.Accounts;

namespace Xeno.Portal.Api.Me;

/// <summary>GET /api/v1/me: the account that the token speaks for, with any scope.</summary>
internal static class MeEndpoint
{
    public static void MapMe(this RouteGroupBuilder api) => api.MapGet("/me", Get);

    // All of it was read with the token, so no further statement is needed.
    private static Answer<MeResponse> Get(Caller caller) => Answer.Of(new MeResponse(
        caller.AccountId, caller.Email, AccountNames.Shown(caller.DisplayName, caller.Email), caller.ClientId, [.. caller.Scopes.Names]));
}

/// <summary>The account, and the app that asks.</summary>
public sealed record MeResponse(string Id, string Email, string DisplayName, string ClientId, IReadOnlyList<string> Scopes);
