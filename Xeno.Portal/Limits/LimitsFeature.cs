using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.SignalR;
using Xeno.Portal.Lifecycle;
using Xeno.Portal.Telemetry;

namespace Xeno.Portal.Limits;

/// <summary>How often an address, an app, a token or an account may ask, and how many pages it may keep open.</summary>
public static class LimitsFeature
{
    public static IHostApplicationBuilder AddLimits(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddRateLimits<RateLimitOptions>(Enum.GetNames<OpenPageLimit>()).CountFromZero(LimitMetrics.AddZero);
        services.AddSingleton<RateLimits>().AddSingleton<WrongGuesses>().AddSingleton<PasswordWork>().AddSingleton<KeyedLock>();
        services.AddSingleton<OpenPages>().AddSingleton<CircuitLimit>().AddScoped<CircuitHandler, CountedCircuit>();
        services.AddOptions<HubOptions>().Configure<CircuitLimit>((hub, limit) => hub.AddFilter(limit));
        services.AddSingleton<IPrunableRows, OldGuesses>();
        return builder;
    }

    /// <summary>Binds a folder's own keys of the settings section <c>RateLimits</c>.</summary>
    /// <param name="limits">The names of the limits that the folder makes from them, for the metric.</param>
    internal static IServiceCollection AddRateLimits<TOptions>(this IServiceCollection services, params string[] limits)
        where TOptions : class
    {
        services.AddOptions<TOptions>().BindConfiguration(RateLimitOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services.CountFromZero(() => LimitMetrics.AddZero(limits));
    }

    /// <summary>Goes after authentication, because open pages are counted by account too.</summary>
    public static IApplicationBuilder UseLimits(this IApplicationBuilder app) => app.UseMiddleware<OpenPagesGuard>();
}
