namespace Xeno.Portal.Playground;

/// <summary>Registers this folder with the host: the playground, the demo account and the demo app.</summary>
public static class PlaygroundFeature
{
    public static IHostApplicationBuilder AddPlayground(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<SeedOptions>().BindConfiguration(SeedOptions.Section);
        builder.Services.AddSingleton<DemoApp>();
        builder.Services.AddHostedService<DemoSeed>();
        builder.Services.AddScoped<PlaygroundFlow>();
        builder.Services.AddSingleton<PlaygroundState>();
        builder.Services.AddHttpClient(PlaygroundFlow.HttpClientName, client => client.Timeout = TimeSpan.FromSeconds(15));
        return builder;
    }
}
