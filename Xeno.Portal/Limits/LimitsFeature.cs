using Xeno.Portal.Lifecycle;

namespace Xeno.Portal.Limits;

/// <summary>How often an address, an app, a token or an account may ask, and how many pages it may keep open.</summary>
public static class LimitsFeature
{
    public static IHostApplicationBuilder AddLimits(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<RateLimitOptions>().BindConfiguration(RateLimitOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<RateLimits>().AddSingleton<WrongGuesses>();
        services.AddSingleton<IPrunableRows, OldGuesses>();
        return builder;
    }

    /// <summary>Open pages are counted by account, so this goes after authentication.</summary>
    public static IApplicationBuilder UseLimits(this IApplicationBuilder app) => app.UseMiddleware<OpenPages>();
}
