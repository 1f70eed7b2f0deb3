using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Xeno.Portal.Shell;

namespace Xeno.Portal.Accounts;

/// <summary>Handlers for the session cookie: when it is created, read and renewed.</summary>
internal static class SessionCookie
{
    /// <summary>
    /// Compares the account's security stamp with the cookie's, at most once in each validation interval (one minute). The framework's own
    /// check creates the account manager and a database context for every request, even when the interval has not passed.
    /// </summary>
    public static Task CheckSecurityStampAsync(CookieValidatePrincipalContext context)
    {
        var services = context.HttpContext.RequestServices;
        var interval = services.GetRequiredService<IOptions<SecurityStampValidatorOptions>>().Value.ValidationInterval;
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var isTooEarly = context.Properties.IssuedUtc is { } issued && now - issued <= interval;

        // The error page must not use the database, whose failure may be the error.
        var isErrorPage = context.HttpContext.Features.Get<IExceptionHandlerFeature>() is not null;
        return isTooEarly || isErrorPage
            ? Task.CompletedTask
            : SecurityStampValidator.ValidatePrincipalAsync(context);
    }

    /// <summary>Adds the time of the sign-in as a claim. The cookie's own date changes whenever the cookie is renewed.</summary>
    public static Task AddSignInTimeAsync(CookieSigningInContext context)
    {
        if (context.Principal!.FindFirst(SignedIn.TimeClaim) is null)
        {
            var now = context.HttpContext.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
            context.Principal.Identities.First().AddClaim(
                new Claim(SignedIn.TimeClaim, now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)));
        }

        return Task.CompletedTask;
    }

    /// <summary>Keeps the time of the sign-in when the principal is built again after a check of the security stamp.</summary>
    public static Task KeepSignInTimeAsync(SecurityStampRefreshingPrincipalContext context)
    {
        if (context.CurrentPrincipal?.FindFirst(SignedIn.TimeClaim) is { } time)
            context.NewPrincipal?.Identities.First().AddClaim(time.Clone());
        return Task.CompletedTask;
    }
}
