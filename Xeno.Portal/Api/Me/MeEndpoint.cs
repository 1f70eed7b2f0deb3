using Xeno.Portal.Data.Accounts;

namespace Xeno.Portal.Api.Me;

/// <summary>GET /api/v1/me: the account that the token speaks for, with any scope.</summary>
internal static class MeEndpoint
{
    public static void MapMe(this RouteGroupBuilder api) => api.MapGet("/me", Get);

    // All of it was read with the token, so no further statement is needed.
    private static Answer<MeResponse> Get(Caller caller) => Answer.Of(new MeResponse(
        caller.AccountId, caller.Email, caller.EmailConfirmed, AccountNames.Shown(caller.DisplayName, caller.Email), caller.ClientId,
        [.. caller.Scopes.Names]));
}

/// <summary>The account, and the app that asks.</summary>
/// <param name="Email">Its domain in ASCII form (RFC 5891), which every mail program takes.</param>
/// <param name="EmailVerified">
/// Whether the account's owner has shown that the address is theirs. While it is false anybody may have typed it: an app must not recognize
/// a person by it.
/// </param>
public sealed record MeResponse(
    string Id, string Email, bool EmailVerified, string DisplayName, string ClientId, IReadOnlyList<string> Scopes);
