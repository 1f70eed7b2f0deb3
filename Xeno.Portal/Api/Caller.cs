using Xeno.Portal.Scopes;

namespace Xeno.Portal.Api;

/// <summary>
/// Who is calling: the account that the token speaks for, the app that it was issued to, and its scopes. A parameter of handlers.
/// </summary>
/// <param name="TokenId">The row id of the token, which is no part of the token.</param>
/// <param name="Email">The account's address, read together with the token.</param>
/// <param name="EmailConfirmed">Whether the account's owner has shown that the address is theirs.</param>
/// <param name="DisplayName">The account's name, or null.</param>
public sealed record Caller(
    string TokenId, string AccountId, string ClientId, ScopeSet Scopes, string Email, bool EmailConfirmed, string? DisplayName)
{
    /// <summary>Bound by the framework; an endpoint that was reached past <see cref="BearerCheck"/> is not served.</summary>
    public static ValueTask<Caller> BindAsync(HttpContext context) => ValueTask.FromResult(
        context.Features.Get<Caller>() ?? throw new InvalidOperationException("An endpoint of the API was reached without a token."));
}
