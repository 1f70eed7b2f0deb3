using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Lifecycle;

/// <summary>A portal that starts on a database that another one has served.</summary>
[Trait("Category", "Fast")]
public sealed class RestartTests
{
    [Fact]
    public async Task The_next_start_reads_what_the_previous_one_protected_and_migrates_nothing()
    {
        await using var first = new PortalFactory { StartsMigrated = false };
        var secret = first.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test").Protect("kept");
        Assert.Contains("Migrating the database", first.Log.Text, StringComparison.Ordinal);

        await using var second = new PortalFactory();
        second.Settings["Database:ConnectionString"] = $"Data Source={first.DatabaseFile}";

        Assert.Equal("kept", second.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test").Unprotect(secret));
        Assert.DoesNotContain("Migrating the database", second.Log.Text, StringComparison.Ordinal);
    }
}
