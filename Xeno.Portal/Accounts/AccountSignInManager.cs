using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Xeno.Portal.Data.Accounts;

namespace Xeno.Portal.Accounts;

/// <summary>
/// The framework's sign-in with two more rules: a lockout applies only to browsers on which the account has not signed in before, and a
/// suspended account cannot sign in.
/// </summary>
internal sealed class AccountSignInManager(
    UserManager<Account> userManager, IHttpContextAccessor contextAccessor, IUserClaimsPrincipalFactory<Account> claimsFactory,
    IOptions<IdentityOptions> optionsAccessor, ILogger<SignInManager<Account>> logger, IAuthenticationSchemeProvider schemes,
    IUserConfirmation<Account> confirmation)
    : SignInManager<Account>(userManager, contextAccessor, claimsFactory, optionsAccessor, logger, schemes, confirmation)
{
    /// <summary>Whether the account has signed in on the request's browser before.</summary>
    public bool IsOnKnownDevice { get; set; }

    /// <inheritdoc />
    public override async Task<bool> CanSignInAsync(Account user) => user.SuspendedAt is null && await base.CanSignInAsync(user);

    /// <inheritdoc />
    protected override async Task<bool> IsLockedOut(Account user) => !IsOnKnownDevice && await base.IsLockedOut(user);
}
