using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Xeno.Portal.Data;
using Xeno.Portal.Data.Accounts;
using Xeno.Portal.Http;
using Xeno.Portal.Lifecycle;
using Xeno.Portal.Limits;
using Xeno.Portal.Telemetry;

namespace Xeno.Portal.Accounts;

/// <summary>Registers this folder with the host: ASP.NET Core Identity, its cookie, lockout.</summary>
public static class AccountsFeature
{
    public static IHostApplicationBuilder AddAccounts(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<AccountsOptions>().BindConfiguration(AccountsOptions.Section).ValidateDataAnnotations().ValidateOnStart();

        services.AddRateLimits<AccountRateLimits>(nameof(AccountRateLimits.LogIn), nameof(AccountRateLimits.Registration),
            nameof(AccountRateLimits.PasswordCheck));
        services.CountFromZero(AccountMetrics.AddZero);

        services.AddAuthentication(IdentityConstants.ApplicationScheme).AddIdentityCookies();
        services.AddSingleton<ILookupNormalizer, AddressKeys>();
        services.AddIdentityCore<Account>()
            .AddEntityFrameworkStores<PortalDbContext>().AddDefaultTokenProviders()
            .AddPasswordValidator<PasswordStrength>().AddUserManager<AccountManager>().AddSignInManager<AccountSignInManager>();
        services.AddAuthorization();
        services.AddScoped<SignIn>().AddScoped<Lockout>().AddScoped<AccountModeration>().AddScoped<AccountDeletion>()
            .AddScoped<OwnAccount>().AddScoped<PasswordStrength>();
        services.AddWarmPage(PortalUrls.Login);

        services.AddOptions<IdentityOptions>().Configure<IOptions<AccountsOptions>>((identity, accounts) =>
        {
            identity.User.RequireUniqueEmail = true;
            identity.User.AllowedUserNameCharacters = ""; // An account's name is its address, which AccountManager judges.
            identity.Password.RequiredLength = accounts.Value.PasswordLength;
            identity.Password.RequireDigit = identity.Password.RequireLowercase = identity.Password.RequireUppercase = false;
            identity.Password.RequireNonAlphanumeric = false;
            identity.Password.RequiredUniqueChars = 1; // Which characters it is made of is nobody's rule: PasswordStrength judges.
        });
        services.AddOptions<CookieAuthenticationOptions>(IdentityConstants.ApplicationScheme)
            .Configure<PublicOrigin, IOptions<AccountsOptions>>((cookie, origin, accounts) =>
            {
                cookie.Cookie.Harden("xeno-session", origin);
                cookie.LoginPath = PortalUrls.Login;
                cookie.LogoutPath = PortalUrls.Logout;
                cookie.ReturnUrlParameter = ReturnUrl.Parameter;
                cookie.ExpireTimeSpan = accounts.Value.RememberFor;
                cookie.SlidingExpiration = true;

                // A session ends with its row, so the framework's own check of the security stamp is not needed.
                cookie.Events.OnValidatePrincipal = _ => Task.CompletedTask;

                // The page that signs in decides where to go, by ReturnUrl. The handler's own rule is less strict.
                cookie.Events.OnRedirectToReturnUrl = _ => Task.CompletedTask;
            });
        // Identity also signs these schemes out, so they must exist. Nothing sets their cookies yet.
        foreach (var (scheme, name) in (ReadOnlySpan<(string, string)>)
                 [(IdentityConstants.ExternalScheme, "xeno-external"), (IdentityConstants.TwoFactorUserIdScheme, "xeno-two-factor"),
                  (IdentityConstants.TwoFactorRememberMeScheme, "xeno-two-factor-remembered")])
            services.AddOptions<CookieAuthenticationOptions>(scheme)
                .Configure<PublicOrigin>((cookie, origin) => cookie.Cookie.Harden(name, origin));
        return builder;
    }

    public static IEndpointRouteBuilder MapAccounts(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(PortalUrls.ChangePassword, () => TypedResults.Redirect(PortalUrls.ManagePassword));
        routes.MapPost(PortalUrls.PasswordCheck, PasswordCheckEndpoint.CheckAsync);
        return routes;
    }
}
