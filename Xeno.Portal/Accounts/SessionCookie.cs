using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Xeno.Portal.Shell;

namespace Xeno.Portal.Accounts;

/// <summary>What is done when the session's cookie is made, read and renewed.</summary>
internal static class SessionCookie
{
    /// <summary>
    /// Asks whether the account's security stamp is still the cookie's, once an interval. The framework's own check makes the account manager
    /// and a database context for every request, only to find that it is too early to ask.
    /// </summary>
    public static Task CheckTheStampWhenDueAsync(CookieValidatePrincipalContext context)
    {
        var interval = context.HttpContext.RequestServices.GetRequiredService<IOptions<SecurityStampValidatorOptions>>().Value.ValidationInterval;
        var now = context.HttpContext.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        var isTooEarly = context.Properties.IssuedUtc is { } issued && now - issued <= interval;

        // The page that tells of an error must not ask the database that may have caused it.
        var isErrorPage = context.HttpContext.Features.Get<IExceptionHandlerFeature>() is not null;
        return isTooEarly || isErrorPage
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
