using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Xeno.Portal.Data;
using Xeno.Portal.Data.Accounts;
using Xeno.Portal.Shell;

namespace Xeno.Portal.Accounts;

/// <summary>
/// An open page lives longer than the request that checked its cookie. Every half minute the account is looked at again: when it is gone,
/// or its security stamp has changed (a new password, sessions ended), the page's circuit is signed out. While the database is away nothing
/// can be done on the page either, so it stays as it is until the next look.
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
        // A scope of its own: the circuit's context may be busy with what its page is doing.
        await using var scope = scopes.CreateAsyncScope();
        var accounts = scope.ServiceProvider.GetRequiredService<UserManager<Account>>();
        return await accounts.FindByIdAsync(accountId) is { } account
            && state.User.FindFirst(options.Value.ClaimsIdentity.SecurityStampClaimType)?.Value
                == await accounts.GetSecurityStampAsync(account);
    }
}
