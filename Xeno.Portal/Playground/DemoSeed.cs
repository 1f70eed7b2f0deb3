using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Xeno.Portal.Apps;
using Xeno.Portal.Data;
using Xeno.Portal.Data.Accounts;
using Xeno.Portal.Data.History;
using Xeno.Portal.Data.Seeding;
using Xeno.Portal.Http;

namespace Xeno.Portal.Playground;

/// <summary>
/// Creates the demo account with sample rows, and the demo app with the playground's redirect URI, and logs where to begin. It runs after
/// the portal has started to listen, because only then its addresses are known. Everybody knows the account's password, so it is never
/// created in Production, nor where another machine could reach the portal.
/// </summary>
internal sealed partial class DemoSeed(
    IServiceScopeFactory scopes, IOptions<SeedOptions> options, IHostEnvironment environment, PublicOrigin origin, Reach reach,
    DemoApp demoApp, TimeProvider time, ILogger<DemoSeed> log) : IHostedLifecycleService
{
    public const string Email = "demo@xeno.test";
    public const string Password = "Passw0rd!";
    public const string AppName = "Demo app";

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        if (!(options.Value.Demo ?? environment.IsDevelopment()))
            return;
        if (WhyNot() is { } reason)
        {
            LogNotSeeded(log, options.Value.Demo is true ? LogLevel.Warning : LogLevel.Information, reason);
            return;
        }

        await using var scope = scopes.CreateAsyncScope();
        var accountId = await AccountAsync(scope.ServiceProvider, cancellationToken);
        var apps = scope.ServiceProvider.GetRequiredService<AppRegistry>();
        await AppAsync(apps, accountId, cancellationToken);
        var demo = (await apps.ListForAsync(accountId, cancellationToken)).FirstOrDefault(app => app.Name == AppName);
        demoApp.Set(accountId, demo?.ClientId);
        LogFirstSteps(log, Origins().FirstOrDefault() ?? "the portal", Email, Password);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<string> AccountAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var accounts = services.GetRequiredService<UserManager<Account>>();
        if (await accounts.FindByEmailAsync(Email) is { } existing)
            return existing.Id;

        var now = time.GetUtcNow();
        var account = new Account { UserName = Email, Email = Email, DisplayName = "Demo", CreatedAt = now };
        var database = services.GetRequiredService<PortalDbContext>();
        database.History.Add(new HistoryEntry
        {
            At = now, Kind = HistoryKinds.AccountCreated.Name, AccountId = account.Id, Actor = HistoryActor.Portal,
        });
        // Everybody knows it, so no rule for passwords applies to it.
        account.PasswordHash = services.GetRequiredService<IPasswordHasher<Account>>().HashPassword(account, Password);
        var created = await accounts.CreateAsync(account);
        if (!created.Succeeded)
            throw new InvalidOperationException(
                $"The demo account could not be created: {string.Join(" ", created.Errors.Select(error => error.Description))}");

        database.AddRange(DemoData.For(account.Id, now));
        await database.SaveChangesAsync(cancellationToken);
        return account.Id;
    }

    private async Task AppAsync(AppRegistry apps, string accountId, CancellationToken cancellationToken)
    {
        var callbacks = Origins().Select(address => address + PortalUrls.PlaygroundCallback).ToList();
        var demo = (await apps.ListForAsync(accountId, cancellationToken)).FirstOrDefault(app => app.Name == AppName);
        if (demo is null)
            await apps.RegisterAsPortalAsync(accountId, new AppForm
            {
                Name = AppName, RedirectUris = string.Join('\n', callbacks), Description = "Shows the whole flow in the playground.",
            }, cancellationToken);
        else
            foreach (var callback in callbacks) // The port may have changed since the last start.
                await apps.AddRedirectUriAsPortalAsync(accountId, demo.ClientId, callback, cancellationToken);
    }

    private string? WhyNot() => environment.IsProduction() ? "this is Production" : reach.BeyondThisMachine();

    private List<string> Origins() => origin.Configured is { } configured ? [configured] : [.. reach.Addresses];

    [LoggerMessage(1401, LogLevel.Information, """
        Welcome to Xeno Portal. Open
            {Origin}/playground   and walk through the whole OAuth flow
            {Origin}/apps         and register an app of your own
        Sign in with {Email} and the password {Password} (the demo account does not exist in Production).
        """)]
    private static partial void LogFirstSteps(ILogger log, string origin, string email, string password);

    [LoggerMessage(EventId = 1402, Message =
        "The demo account and the demo app are not created, because {Reason}: everybody knows the demo account's password.")]
    private static partial void LogNotSeeded(ILogger log, LogLevel level, string reason);
}
