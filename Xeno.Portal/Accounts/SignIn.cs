using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Xeno.Portal.Data.Accounts;
using Xeno.Portal.Hosting;
using Xeno.Portal.Shell;

namespace Xeno.Portal.Accounts;

/// <summary>What log-in and registration share: the same answer and the same work for known and unknown addresses, and the way on.</summary>
internal sealed class SignIn(SignInManager<Account> signIn, UserManager<Account> accounts, IPasswordHasher<Account> hasher)
{
    /// <summary>One sentence for every failure, so that it does not tell which addresses have an account.</summary>
    public const string Refusal = "The e-mail address or the password is wrong, or there were too many attempts. Check both, or try again in a few minutes.";

    // Any hash serves: verifying against it costs what a real one costs.
    private static readonly Account s_nobody = new();
    private static string? s_hashOfNothing;

    /// <summary>Signs in, or tells that it did not work. Wrong passwords count towards the lockout.</summary>
    public async Task<bool> WithPasswordAsync(string email, string password, bool remember)
    {
        var account = await accounts.FindByEmailAsync(email);
        if (account is null || await accounts.IsLockedOutAsync(account))
        {
            s_hashOfNothing ??= hasher.HashPassword(s_nobody, Guid.NewGuid().ToString());
            hasher.VerifyHashedPassword(s_nobody, s_hashOfNothing, password);
            return false;
        }

        var result = await signIn.PasswordSignInAsync(account, password, remember, lockoutOnFailure: true);
        return result.Succeeded;
    }

    /// <summary>
    /// A log-in may lead through authorize straight to an app, and browsers check the form's target against every redirect on the way.
    /// </summary>
    public static void LetFormLeadOn(HttpContext context, string returnUrl)
    {
        if (!returnUrl.StartsWith(PortalUrls.Authorize, StringComparison.OrdinalIgnoreCase))
            return;

        var query = QueryHelpers.ParseQuery(returnUrl.Split('?', 2).ElementAtOrDefault(1));
        if (query.TryGetValue("redirect_uri", out var redirectUri) && redirectUri is [{ Length: > 0 } only])
            context.Policy().AllowFormToLeadTo(only);
        else
            context.Policy().AllowFormToLeadToAnyWebApp();
    }

    /// <summary>
    /// Asks whether the account's security stamp is still the cookie's, once an interval. The framework's own check makes the account manager
    /// and a database context for every request, only to find that it is too early to ask.
    /// </summary>
    public static Task CheckTheStampWhenDueAsync(CookieValidatePrincipalContext context)
    {
        var interval = context.HttpContext.RequestServices.GetRequiredService<IOptions<SecurityStampValidatorOptions>>().Value.ValidationInterval;
        var now = context.HttpContext.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        return context.Properties.IssuedUtc is { } issued && now - issued <= interval
            ? Task.CompletedTask
            : SecurityStampValidator.ValidatePrincipalAsync(context);
    }

    /// <summary>Notes in the cookie when the person signed in; the cookie's own date moves on as it is renewed.</summary>
    public static Task NoteTheTimeAsync(CookieSigningInContext context)
    {
        if (context.Principal!.FindFirst(SignedIn.TimeClaim) is null)
        {
            var now = context.HttpContext.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
            context.Principal.Identities.First().AddClaim(
                new Claim(SignedIn.TimeClaim, now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)));
        }

        return Task.CompletedTask;
    }

    /// <summary>A principal that is made anew because its stamp was checked is not a new sign-in.</summary>
    public static Task KeepTheTimeAsync(SecurityStampRefreshingPrincipalContext context)
    {
        if (context.CurrentPrincipal?.FindFirst(SignedIn.TimeClaim) is { } time)
            context.NewPrincipal?.Identities.First().AddClaim(time.Clone());
        return Task.CompletedTask;
    }
}
