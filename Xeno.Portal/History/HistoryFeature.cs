using Xeno.Portal.Lifecycle;

namespace Xeno.Portal.History;

/// <summary>Registers this folder with the host: how the history is read, and how long it is kept. Data/History writes it.</summary>
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
