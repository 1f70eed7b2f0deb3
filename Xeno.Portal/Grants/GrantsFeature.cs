using Xeno.Portal.Telemetry;

namespace Xeno.Portal.Grants;

/// <summary>Wires the folder into the host: how grants end, and who is told.</summary>
public static class GrantsFeature
{
    public static IHostApplicationBuilder AddGrants(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<InstallChanges>();
        builder.Services.CountFromZero(GrantMetrics.AddZero);
        return builder;
    }
}
