using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Identity;
using Xeno.Portal.Lifecycle;

namespace Xeno.Portal.Sessions;

/// <summary>Registers this folder with the host: who is signed in, where, and since when the owner has proved it.</summary>
public static class SessionsFeature
{
    public static IHostApplicationBuilder AddSessions(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<SessionsOptions>().BindConfiguration(SessionsOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<SessionClock>().AddSingleton<SessionChanges>().AddSingleton<AccountSessions>().AddSingleton<KnownDevices>();
        services.AddSingleton<SessionUse>().AddHostedService(provider => provider.GetRequiredService<SessionUse>());
        services.AddScoped<PasswordChecks>().AddScoped<StepUp>();
        services.AddScoped<PageSession>().AddScoped<AuthenticationStateProvider, PageSessionState>();
        services.AddSingleton<IPrunableRows, OldSessions>().AddSingleton<IPrunableRows, OldDevices>();

        services.AddSingleton<SessionTickets>();
        services.AddOptions<CookieAuthenticationOptions>(IdentityConstants.ApplicationScheme)
            .Configure<SessionTickets>((cookie, tickets) => cookie.SessionStore = tickets);
        return builder;
    }
}
