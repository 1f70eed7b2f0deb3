using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Xeno.Portal.Data;
using Xeno.Portal.Data.Accounts;
using Xeno.Portal.Http;
using Xeno.Portal.Lifecycle;
using Xeno.Portal.Limits;
using Xeno.Portal.Telemetry;

namespace Xeno.Portal.Accounts;

/// <summary>Wires the folder into the host: ASP.NET Core Identity, its cookie, lockout.</summary>
public static class AccountsFeature
{
    public static IHostApplicationBuilder AddAccounts(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<AccountsOptions>().BindConfiguration(AccountsOptions.Section).ValidateDataAnnotations().ValidateOnStart();

        services.AddRateLimits<AccountRateLimits>(nameof(AccountRateLimits.LogIn), nameof(AccountRateLimits.Registration));
        services.CountFromZero(AccountMetrics.AddZero);

        services.AddAuthentication(IdentityConstants.ApplicationScheme).AddIdentityCookies();
        services.AddIdentityCore<Account>().AddEntityFrameworkStores<PortalDbContext>().AddSignInManager<AccountSignInManager>().AddDefaultTokenProviders();
        services.AddAuthorization();
        services.AddScoped<SignIn>().AddScoped<AccountSuspension>();
        services.AddSingleton<KnownDevices>();
        services.AddScoped<AuthenticationStateProvider, SecurityStampRevalidation>();
        services.AddWarmPage(PortalUrls.Login);

        services.AddOptions<IdentityOptions>().Configure<IOptions<AccountsOptions>>((identity, accounts) =>
        {
            identity.User.RequireUniqueEmail = true;
            identity.Password.RequiredLength = accounts.Value.PasswordLength;
            identity.Password.RequireDigit = identity.Password.RequireLowercase = identity.Password.RequireUppercase = false;
            identity.Password.RequireNonAlphanumeric = false;
            identity.Password.RequiredUniqueChars = 4;
            identity.Lockout.MaxFailedAccessAttempts = accounts.Value.LockoutAfter;
            identity.Lockout.DefaultLockoutTimeSpan = accounts.Value.LockoutTime;
        });
        services.AddOptions<SecurityStampValidatorOptions>().Configure(stamp => stamp.ValidationInterval = TimeSpan.FromMinutes(1));

        services.AddOptions<CookieAuthenticationOptions>(IdentityConstants.ApplicationScheme)
            .Configure<PublicOrigin, IOptions<AccountsOptions>>((cookie, origin, accounts) =>
            {
                cookie.Cookie.Harden("xeno-session", origin);
                cookie.LoginPath = PortalUrls.Login;
                cookie.LogoutPath = PortalUrls.Logout;
                cookie.ReturnUrlParameter = ReturnUrl.Parameter;
                cookie.ExpireTimeSpan = accounts.Value.RememberFor;
                cookie.SlidingExpiration = true;
                cookie.Events.OnValidatePrincipal = SessionCookie.CheckTheStampWhenDueAsync;
                cookie.Events.OnSigningIn = SessionCookie.NoteTheTimeAsync;

                // The page that signs in decides where to go, by ReturnUrl; the handler would first go there by a looser rule of its own.
                cookie.Events.OnRedirectToReturnUrl = _ => Task.CompletedTask;
            });
        // Identity's own machinery signs these out too, so they have to be there; nothing sets them yet.
        foreach (var (scheme, name) in (ReadOnlySpan<(string, string)>)
                 [(IdentityConstants.ExternalScheme, "xeno-external"), (IdentityConstants.TwoFactorUserIdScheme, "xeno-two-factor"),
                  (IdentityConstants.TwoFactorRememberMeScheme, "xeno-two-factor-remembered")])
            services.AddOptions<CookieAuthenticationOptions>(scheme).Configure<PublicOrigin>((cookie, origin) => cookie.Cookie.Harden(name, origin));
        services.Configure<SecurityStampValidatorOptions>(stamp => stamp.OnRefreshingPrincipal = SessionCookie.KeepTheTimeAsync);
        return builder;
    }

    public static IEndpointRouteBuilder MapAccounts(this IEndpointRouteBuilder routes) => routes;
}
