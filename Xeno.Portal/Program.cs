using Xeno.Portal.Accounts;
using Xeno.Portal.Api;
using Xeno.Portal.Apps;
using Xeno.Portal.Commands;
using Xeno.Portal.Data;
using Xeno.Portal.Grants;
using Xeno.Portal.History;
using Xeno.Portal.Http;
using Xeno.Portal.Installations;
using Xeno.Portal.Lifecycle;
using Xeno.Portal.Limits;
using Xeno.Portal.Mail;
using Xeno.Portal.OAuth;
using Xeno.Portal.Playground;
using Xeno.Portal.Sessions;
using Xeno.Portal.Shell;
using Xeno.Portal.Telemetry;

return OperatorCommands.Run(args) ?? HostSettings.RunOrExplain(() =>
{
    // The settings file is in the program's folder, which need not be the working directory.
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory })
        .UseTopLevelSettings();

    builder
        .AddData()
        .AddTelemetry()
        .AddHttp()
        .AddLimits()
        .AddLifecycle()
        .AddHistory()
        .AddGrants()
        .AddSessions()
        .AddShell()
        .AddMail()
        .AddAccounts()
        .AddOAuth()
        .AddApps()
        .AddInstallations()
        .AddApi()
        .AddPlayground();

    var app = builder.Build();

    app.UseDrain();
    app.UseWarmStart();
    app.UseRequestFacts();
    app.UseSecurityHeaders();
    app.UseCrossOriginAnswers();
    app.UseHeadRequests();
    app.UseHealth();
    app.UseHttp();
    app.UseApi();
    app.UseShell();
    app.UseRouting();
    app.UseRequestTimeouts();
    app.UseOAuth();
    app.UseAuthentication();
    app.UseLimits();
    app.UseAuthorization();
    app.UseAntiforgery();
    app.UseLostForms();
    app.UseApps();
    app.UseMail();

    app.MapOAuth();
    app.MapAccounts();
    app.MapApps();
    app.MapMail();
    app.MapApi();
    app.MapShell();

    app.Run();
});
