using Microsoft.AspNetCore.Hosting.Server;

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
        services.WarmTheServer();
        return builder;
    }

    // Kestrel's own type is not public: what the builder registered is wrapped. A server that is put in its place later, as tests do, stays as it is.
    private static void WarmTheServer(this IServiceCollection services)
    {
        var kestrel = services.Last(service => service.ServiceType == typeof(IServer)).ImplementationType!;
        services.AddSingleton<IServer>(provider => ActivatorUtilities.CreateInstance<WarmServer>(
            provider, (IServer)ActivatorUtilities.CreateInstance(provider, kestrel)));
    }
}
