using System.Text.Json;
using Xeno.Portal.Accounts;
using Xeno.Portal.Api;
using Xeno.Portal.Apps;
using Xeno.Portal.Data;
using Xeno.Portal.History;
using Xeno.Portal.Http;
using Xeno.Portal.Lifecycle;
using Xeno.Portal.Limits;
using Xeno.Portal.Mail;
using Xeno.Portal.Telemetry;
using Xeno.Portal.OAuth;
using Xeno.Portal.Playground;
using Xeno.Portal.Sessions;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Architecture;

/// <summary>Every key of appsettings.json belongs to an options class, and is described in docs/operations.md.</summary>
[Trait("Category", "Fast")]
public sealed class SettingsTests
{
    private static readonly string[] s_frameworks = ["Urls", "AllowedHosts", "Logging"];

    private static readonly (string Section, Type Options)[] s_owners =
    [
        (DatabaseOptions.Section, typeof(DatabaseOptions)), (OAuthOptions.Section, typeof(OAuthOptions)),
        (PublicOriginOptions.Section, typeof(PublicOriginOptions)), (AccountsOptions.Section, typeof(AccountsOptions)),
        (AppsOptions.Section, typeof(AppsOptions)), (ProxyOptions.Section, typeof(ProxyOptions)),
        (StrictTransportOptions.Section, typeof(StrictTransportOptions)), (KeysOptions.Section, typeof(KeysOptions)),
        (DrainOptions.Section, typeof(DrainOptions)), (TelemetryOptions.Section, typeof(TelemetryOptions)),
        (HistoryOptions.Section, typeof(HistoryOptions)), (SessionsOptions.Section, typeof(SessionsOptions)),
        (MailOptions.Section, typeof(MailOptions)),
        (RateLimitOptions.Section, typeof(RateLimitOptions)), (RateLimitOptions.Section, typeof(AccountRateLimits)),
        (RateLimitOptions.Section, typeof(OAuthRateLimits)), (RateLimitOptions.Section, typeof(ApiRateLimits)),
        (SeedOptions.Section, typeof(SeedOptions)),
    ];

    [Fact]
    public void Every_key_has_an_options_class_and_is_documented()
    {
        var docs = File.ReadAllText(Path.Combine(SourceTree.Top, "docs", "operations.md"));
        var settings = JsonDocument.Parse(File.ReadAllText(Path.Combine(SourceTree.Top, "appsettings.json"))).RootElement;
        var keys = settings.EnumerateObject().Where(section => !s_frameworks.Contains(section.Name))
            .SelectMany(section => section.Value.EnumerateObject().Select(key => $"{section.Name}:{key.Name}"))
            .ToHashSet(StringComparer.Ordinal);
        var owned = s_owners
            .SelectMany(owner => owner.Options.GetProperties().Select(property => $"{owner.Section}:{property.Name}"))
            .ToList();

        Assert.Equal(owned.Order(), keys.Order());
        Assert.Equal(owned.Distinct(), owned);
        Assert.All(keys, key => Assert.Contains($"`{key}`", docs, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_setting_that_the_unit_for_systemd_gives_exists()
    {
        var keys = s_owners.SelectMany(owner => owner.Options.GetProperties().Select(property => $"{owner.Section}__{property.Name}"));

        Assert.Empty(NodeUnit.EnvironmentOf(5081).Keys.Except([.. keys, "Urls", "ASPNETCORE_ENVIRONMENT"]));
    }
}
