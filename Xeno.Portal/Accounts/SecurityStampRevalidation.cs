using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Xeno.Portal.Data;
using Xeno.Portal.Data.Accounts;
using Xeno.Portal.Shell;

namespace Xeno.Portal.Accounts;

/// <summary>
/// A page stays open after the request that checked its cookie has ended. Every 30 seconds the account is read again: when it was deleted,
/// or its security stamp has changed (a new password, a suspension), the page's circuit is signed out. While the database does not answer,
/// nothing can be done on the page either, so it stays as it is until the next check.
/// </summary>
internal sealed class SecurityStampRevalidation(ILoggerFactory loggers, IServiceScopeFactory scopes, IOptions<IdentityOptions> options)
    : RevalidatingServerAuthenticationStateProvider(loggers)
{
    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(30);

    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState state, CancellationToken cancellationToken)
    {
        if (state.User.AccountId() is not { } accountId)
            return false;

        try
        {
            return await IsStillSignedInAsync(state, accountId);
        }
        catch (Exception exception) when (DatabaseTrouble.IsBehind(exception))
        {
            return true;
        }
    }

    private async Task<bool> IsStillSignedInAsync(AuthenticationState state, string accountId)
    {
        // Its own scope, because the page may be using the circuit's database context.
        await using var scope = scopes.CreateAsyncScope();
        var accounts = scope.ServiceProvider.GetRequiredService<UserManager<Account>>();
        var stamp = state.User.FindFirst(options.Value.ClaimsIdentity.SecurityStampClaimType)?.Value;
        return await accounts.FindByIdAsync(accountId) is { } account && stamp == await accounts.GetSecurityStampAsync(account);
    }
}
