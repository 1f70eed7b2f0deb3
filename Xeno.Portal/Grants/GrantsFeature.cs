using Xeno.Portal.Telemetry;

namespace Xeno.Portal.Grants;

/// <summary>Registers this folder with the host: how grants end, and how open pages are notified.</summary>
public static class GrantsFeature
{
    public static IHostApplicationBuilder AddGrants(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<InstallChanges>().AddSingleton<GrantEnding>();
        services.AddSingleton<GrantSweep>().AddHostedService(provider => provider.GetRequiredService<GrantSweep>());
        services.CountFromZero(GrantMetrics.AddZero);
        return builder;
    }
}
