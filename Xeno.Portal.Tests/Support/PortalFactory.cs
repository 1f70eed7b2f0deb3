using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xeno.Portal.Data;

namespace Xeno.Portal.Tests.Support;

/// <summary>
/// The real portal on its own SQLite file (<see cref="PostgreSqlPortal"/>: on PostgreSQL), with a clock that only a test moves. One per
/// test class (<c>IClassFixture</c>): tests of one class share its database, and each makes its own accounts and apps.
/// </summary>
public class PortalFactory : WebApplicationFactory<Program>
{
    private readonly string _folder = Directory.CreateTempSubdirectory("xeno-portal-").FullName;

    /// <summary>The clock of the portal. It stands still until <c>Advance</c> or <see cref="Leap"/>.</summary>
    public FakeTimeProvider Time { get; } = new(DateTimeOffset.FromUnixTimeMilliseconds(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()));

    /// <summary>What the portal has logged.</summary>
    public CapturedLog Log { get; } = new();

    /// <summary>Whether the portal uses the clock of the machine; for tests with a browser, which uses that clock too.</summary>
    protected virtual bool RunsInRealTime => false;

    /// <summary>
    /// Settings this portal starts with, over those of <c>appsettings.json</c>. Set before the first use. All browsers of a test class come
    /// from one address, so it may log in and register as often as it likes.
    /// </summary>
    public Dictionary<string, string?> Settings { get; } = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Seed:Demo"] = "false", ["RateLimits:LogInsPerAddress"] = "100000", ["RateLimits:RegistrationsPerAddress"] = "100000",
    };

    /// <summary>Registers services of a test, after the portal's own. Set before the first use.</summary>
    public Action<IServiceCollection> Register { get; set; } = _ => { };

    /// <summary>The environment it runs in. Set before the first use.</summary>
    public string Environment { get; init; } = "Development";

    /// <summary>Where the database file is.</summary>
    public string DatabaseFile => Path.Combine(_folder, "portal.db");

    /// <summary>Where it writes mails, unless it has a mail server.</summary>
    public string MailFolder => Path.Combine(_folder, "mail");

    /// <summary>Whether its own database file is a copy of a <see cref="MigratedDatabase"/>, or is not there yet.</summary>
    public bool StartsMigrated { get; init; } = true;

    /// <summary>
    /// Whether passwords are hashed with as many rounds as in production. Otherwise with few: the hashes of a test run would take minutes
    /// of computing.
    /// </summary>
    public bool HashesAsInProduction { get; init; }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        if (StartsMigrated && !Settings.ContainsKey("Database:ConnectionString") && !File.Exists(DatabaseFile))
            MigratedDatabase.CopyTo(DatabaseFile);
        builder.UseEnvironment(Environment);
        builder.UseSetting("Database:ConnectionString", $"Data Source={DatabaseFile}");
        builder.UseSetting("Mail:Folder", MailFolder);
        foreach (var (key, value) in Settings)
            builder.UseSetting(key, value);
        builder.ConfigureLogging(logging => logging.ClearProviders().AddProvider(Log));
        if (!HashesAsInProduction)
            builder.ConfigureServices(services => services.Configure<PasswordHasherOptions>(hasher => hasher.IterationCount = 100));
        if (!RunsInRealTime)
            builder.ConfigureServices(services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Time)));
        builder.ConfigureServices(Register);
    }

    /// <summary>Runs <paramref name="work"/> in a scope of the portal's services, as a request would.</summary>
    public async Task<TResult> InScopeAsync<TResult>(Func<IServiceProvider, Task<TResult>> work)
    {
        await using var scope = Services.CreateAsyncScope();
        return await work(scope.ServiceProvider);
    }

    /// <inheritdoc cref="InScopeAsync{TResult}" />
    public async Task InScopeAsync(Func<IServiceProvider, Task> work)
    {
        await using var scope = Services.CreateAsyncScope();
        await work(scope.ServiceProvider);
    }

    /// <summary>Queries the database in a new context.</summary>
    public Task<TResult> AskDatabaseAsync<TResult>(Func<PortalDbContext, Task<TResult>> question)
        => InScopeAsync(services => question(services.GetRequiredService<PortalDbContext>()));

    /// <summary>An independent portal on the same kind of database.</summary>
    public virtual Task<PortalFactory> AnotherAsync() => Task.FromResult(new PortalFactory());

    /// <summary>
    /// A second portal on the same database: another node, or the next start. This portal need not have been started.
    /// </summary>
    public PortalFactory Beside()
    {
        var node = new PortalFactory();
        foreach (var (key, value) in SettingsBeside())
            node.Settings[key] = value;

        // A browser sends a public portal's cookies over HTTPS only.
        if (node.Settings.GetValueOrDefault("OAuth:Issuer")?.StartsWith("https:", StringComparison.Ordinal) == true)
            node.ClientOptions.BaseAddress = new Uri("https://localhost");
        return node;
    }

    /// <summary>The settings with which a portal in another process serves the same database.</summary>
    public Dictionary<string, string?> SettingsBeside()
        => new(Settings, StringComparer.OrdinalIgnoreCase)
        {
            ["Database:ConnectionString"] = Settings.GetValueOrDefault("Database:ConnectionString") ?? $"Data Source={DatabaseFile}",
            ["Mail:Folder"] = Settings.GetValueOrDefault("Mail:Folder") ?? MailFolder,
        };

    /// <summary>
    /// Moves the clock by hours or days at once. Timers keep the time that they had left: <c>Advance</c> would run those of the background
    /// services once for each of their rounds.
    /// </summary>
    public void Leap(TimeSpan time) => Time.AdjustTime(Time.GetUtcNow() + time);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }
}
