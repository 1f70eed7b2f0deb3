using Xeno.Portal.Telemetry;

namespace Xeno.Portal.Lifecycle;

/// <summary>How the portal starts, stays healthy and stops.</summary>
public static class LifecycleFeature
{
    public static IHostApplicationBuilder AddLifecycle(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton(TimeProvider.System);

        services.AddOptions<DrainOptions>().BindConfiguration(DrainOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<Drain>().AddHostedService(provider => provider.GetRequiredService<Drain>());
        services.AddHealthChecks().AddCheck<Drain>("stopping");

        services.AddSingleton<Pruning>().AddHostedService(provider => provider.GetRequiredService<Pruning>());
        services.CountFromZero(provider =>
        {
            foreach (var rows in provider.GetServices<IPrunableRows>())
                LifecycleMetrics.Pruned(0, rows.Kind);
        });

        services.AddSingleton<WarmStart>().AddHostedService(provider => provider.GetRequiredService<WarmStart>());
        return builder;
    }
}
