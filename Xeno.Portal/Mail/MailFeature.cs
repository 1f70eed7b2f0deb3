using Microsoft.Extensions.Options;
using Xeno.Portal.Data.Mail;
using Xeno.Portal.Http;
using Xeno.Portal.Lifecycle;
using Xeno.Portal.Telemetry;

namespace Xeno.Portal.Mail;

/// <summary>Registers this folder with the host: mails, their outbox, and how they leave the portal.</summary>
public static class MailFeature
{
    public static IHostApplicationBuilder AddMail(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<MailOptions>().BindConfiguration(MailOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<MailOptions>, MailOptionsValidation>();

        services.AddSingleton<MailLinks>().AddSingleton<MailTexts>();
        services.AddSingleton(provider => new Mailer(
            provider.GetRequiredService<MailTexts>(), provider.GetRequiredService<QueuedMails>(),
            provider.GetRequiredService<TimeProvider>()));

        services.AddSingleton<MailFolder>().AddSingleton<SmtpTransport>();
        services.AddSingleton<IMailTransport>(provider => provider.GetRequiredService<IOptions<MailOptions>>().Value.HasServer
            ? provider.GetRequiredService<SmtpTransport>() : provider.GetRequiredService<MailFolder>());
        services.AddSingleton<MailSender>().AddHostedService(provider => provider.GetRequiredService<MailSender>());
        services.AddHostedService<MailFolderNote>();
        services.AddSingleton<IPrunableRows, OldMails>();
        services.CountFromZero(MailMetrics.AddZero);
        return builder;
    }

    /// <summary>Must come after routing: it needs the id in the address.</summary>
    public static IApplicationBuilder UseMail(this IApplicationBuilder app) => app.UseMiddleware<DevMailGuard>();

    public static IEndpointRouteBuilder MapMail(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(PortalUrls.DevMailHtmlTemplate, async (HttpContext context, MailFolder folder, string id) =>
        {
            context.Policy().IsForeignDocument = true;
            return Results.Content((await folder.ReadAsync(id, context.RequestAborted))?.Html, "text/html; charset=utf-8");
        });
        return routes;
    }
}
