using Xeno.Portal.Lifecycle;

namespace Xeno.Portal.History;

/// <summary>Wires the folder into the host: who reads the history, and how long it is kept. Who writes it: Data/History.</summary>
public static class HistoryFeature
{
    public static IHostApplicationBuilder AddHistory(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<HistoryOptions>().BindConfiguration(HistoryOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddScoped<HistoryReader>();
        services.AddSingleton<IPrunableRows, OldHistory>();
        return builder;
    }
}
