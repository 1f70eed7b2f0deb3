using Xeno.Portal.Telemetry;

namespace Xeno.Portal.Grants;

/// <summary>Wires the folder into the host: how grants end, and how open pages learn of it.</summary>
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
