namespace Xeno.Portal.Installations;

/// <summary>Registers this folder with the host: the apps installed on an account.</summary>
public static class InstallationsFeature
{
    public static IHostApplicationBuilder AddInstallations(this IHostApplicationBuilder builder)
    {
        builder.Services.AddScoped<InstallationService>();
        return builder;
    }
}
