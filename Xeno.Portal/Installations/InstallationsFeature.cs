namespace Xeno.Portal.Installations;

/// <summary>Wires the folder into the host: the apps installed on an account.</summary>
public static class InstallationsFeature
{
    public static IHostApplicationBuilder AddInstallations(this IHostApplicationBuilder builder)
    {
        builder.Services.AddScoped<InstallationService>();
        return builder;
    }
}
