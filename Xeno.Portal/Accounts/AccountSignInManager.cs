using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Xeno.Portal.Data.Accounts;

namespace Xeno.Portal.Accounts;

/// <summary>
/// The framework's sign-in for an account whose password was compared already (<c>Sessions/PasswordChecks</c>). A suspended account cannot
/// sign in.
/// </summary>
internal sealed class AccountSignInManager(
    UserManager<Account> userManager, IHttpContextAccessor contextAccessor, IUserClaimsPrincipalFactory<Account> claimsFactory,
    IOptions<IdentityOptions> optionsAccessor, ILogger<SignInManager<Account>> logger, IAuthenticationSchemeProvider schemes,
    IUserConfirmation<Account> confirmation)
    : SignInManager<Account>(userManager, contextAccessor, claimsFactory, optionsAccessor, logger, schemes, confirmation)
{
    /// <inheritdoc />
    public override async Task<bool> CanSignInAsync(Account user) => user.SuspendedAt is null && await base.CanSignInAsync(user);

    /// <summary>Signs in an account that has given its password: the session starts, or the second factor is asked for.</summary>
    public async Task<SignInResult> AfterPasswordAsync(Account account, bool isPersistent)
        => await CanSignInAsync(account) ? await SignInOrTwoFactorAsync(account, isPersistent) : SignInResult.NotAllowed;
}
