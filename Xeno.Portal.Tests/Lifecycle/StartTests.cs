using System.Diagnostics;
using System.Runtime.Versioning;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Lifecycle;

/// <summary>The program as an operator starts it: its own process, with settings in its environment.</summary>
[Trait("Category", "Operations")]
public sealed class StartTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("xeno-start-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("OAuth__Issuer", "portal.example", "OAuth:Issuer must be an origin")]
    [InlineData("OAuth__Issuer", "https://portal.example/path", "OAuth:Issuer must be an origin")]
    [InlineData("OAuth__Issuer", "http://portal.example", "OAuth:Issuer must start with https://")]
    [InlineData("OAuth__AuthorizationCodeLifetime", "01:00:00", "OAuth:AuthorizationCodeLifetime must be between")]
    [InlineData("OAuth__AuthorizationCodeLifetime", "soon",
        "Failed to convert configuration value 'soon' at 'OAuth:AuthorizationCodeLifetime'")]
    [InlineData("Database__Provider", "Oracle", "Failed to convert configuration value 'Oracle' at 'Database:Provider'")]
    [InlineData("Accounts__PasswordLength", "3", "Accounts:PasswordLength must be between")]
    [InlineData("Apps__MostPerAccount", "0", "Apps:MostPerAccount must be between 1 and 100000.")]
    [InlineData("Hosting__TrustedProxies__0", "nonsense", "Hosting:TrustedProxies must hold")]
    [InlineData("RateLimits__ApiCallsPerAppAndAccount", "0", "RateLimits:ApiCallsPerAppAndAccount must be between 1 and 1000000.")]
    [InlineData("Keys__Certificate", "/nowhere/keys.pfx", "Keys:Certificate cannot be read: Could not find")]
    [InlineData("Keys__Certificate", "/proc/self/environ", "Keys:Certificate '/proc/self/environ' cannot be opened with")]
    [InlineData("Keys__PreviousCertificates__0", "/nowhere/old.pfx", "Keys:PreviousCertificates cannot be read: Could not find")]
    [InlineData("RateLimits__OpenPagesPerAddress", "0", "RateLimits:OpenPagesPerAddress must be between 1 and 1000000.")]
    [InlineData("Telemetry__OtlpEndpoint", "localhost:4318", "Telemetry:OtlpEndpoint must be an address")]
    [InlineData("Telemetry__OtlpProtocol", "Pigeon", "Failed to convert configuration value 'Pigeon' at 'Telemetry:OtlpProtocol'")]
    [InlineData("Telemetry__PrometheusPort", "70000", "Telemetry:PrometheusPort must be between")]
    [InlineData("Telemetry__PrometheusPort", "5080", "Telemetry:PrometheusPort must not be a port of Urls")]
    [InlineData("Telemetry__PrometheusHost", "metrics.example", "Telemetry:PrometheusHost must be localhost, an IP address")]
    [InlineData("Telemetry__ServiceName", " ", "Telemetry:ServiceName must not be empty")]
    [InlineData("Mail__Port", "70000", "Mail:Port must be between 1 and 65535.")]
    [InlineData("Mail__Security", "Sometimes", "Failed to convert configuration value 'Sometimes' at 'Mail:Security'")]
    [InlineData("Mail__Password", "hidden", "Mail:User and Mail:Password must be set together, or neither of them.")]
    [InlineData("Urls", "http://0.0.0.0:0", "OAuth:Issuer must be set")]
    [InlineData("ASPNETCORE_URLS", "http://+:0", "OAuth:Issuer must be set")]
    public async Task A_wrong_setting_ends_the_start_with_one_sentence(string key, string value, string sentence)
    {
        using var portal = Start((key, value));

        var said = await portal.StandardError.ReadToEndAsync();
        await portal.WaitForExitAsync();

        Assert.Equal(1, portal.ExitCode);
        Assert.StartsWith(sentence, said, StringComparison.Ordinal);
        Assert.Single(said.Trim().Split('\n'));
    }

    [Theory]
    [InlineData("Sqlite", "Data Source=portal.db;Colour=secret", "Database:ConnectionString has the keyword colour, which SQLite")]
    [InlineData("PostgreSql", "postgres://xeno:secret@127.0.0.1:port/xeno", "Database:ConnectionString has values that do not fit")]
    [InlineData("PostgreSql", "postgresql://xeno:secret@127.0.0.1:1/xeno?sslmode=verify-full&connect_timeout=2",
        "The database cannot be reached, see Database:ConnectionString: ")]
    public async Task A_connection_string_that_cannot_be_used_ends_the_start_with_one_sentence_without_its_values(
        string provider, string text, string sentence)
    {
        var ended = await PortalProgram.RunAsync([], ("Database:Provider", provider), ("Database:ConnectionString", text));

        ended.ShouldBeRefused(sentence);
        Assert.DoesNotContain("secret", ended.Errors + ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task A_folder_that_the_user_may_not_write_to_ends_the_start_with_one_sentence()
    {
        const UnixFileMode readable = UnixFileMode.UserRead | UnixFileMode.UserExecute;
        var existing = Path.Combine(_folder, "portal.db");
        await File.WriteAllBytesAsync(existing, [], TestContext.Current.CancellationToken);
        File.SetUnixFileMode(_folder, readable);
        try
        {
            foreach (var (file, folder) in ((string, string)[])
                     [(existing, _folder), (Path.Combine(_folder, "other.db"), _folder),
                      (Path.Combine(_folder, "data", "portal.db"), Path.Combine(_folder, "data"))])
                (await PortalProgram.RunWithoutPrivilegesAsync([], ("Database:ConnectionString", $"Data Source={file}"))).ShouldBeRefused(
                    $"The user {Environment.UserName} may not write to {folder}, where Database:ConnectionString has the database. "
                    + $"Give it to that user: chown -R {Environment.UserName}: {folder}");
        }
        finally
        {
            File.SetUnixFileMode(_folder, readable | UnixFileMode.UserWrite);
        }
    }

    [Fact]
    public async Task Several_wrong_settings_are_one_line_each()
    {
        using var portal = Start(
            ("RateLimits__ApiCallsPerAppAndAccount", "0"), ("RateLimits__LogInsPerAddress", "0"), ("Accounts__PasswordLength", "3"));

        var said = await portal.StandardError.ReadToEndAsync();
        await portal.WaitForExitAsync();

        Assert.Equal(1, portal.ExitCode);
        Assert.Equal(
            ["Accounts:PasswordLength must be between 8 and 128.", "RateLimits:ApiCallsPerAppAndAccount must be between 1 and 1000000.",
             "RateLimits:LogInsPerAddress must be between 1 and 1000000."],
            said.Trim().Split('\n').Order());
    }

    [Theory]
    [InlineData("ASPNETCORE_URLS")]
    [InlineData("Urls")]
    public async Task It_listens_on_the_configured_address_and_serves_its_static_files_in_production(string key)
    {
        using var portal = Start((key, "http://127.0.0.1:0"));
        try
        {
            string? address = null;
            while (address is null && await portal.StandardOutput.ReadLineAsync() is { } line)
                address = line.Split("Now listening on: ").ElementAtOrDefault(1)?.Split('"')[0];

            using var http = new HttpClient();
            Assert.StartsWith("http://127.0.0.1:", address, StringComparison.Ordinal);
            Assert.Contains("--xp-", await http.GetStringAsync($"{address}/portal.css"), StringComparison.Ordinal);
            Assert.Contains("Xeno", await http.GetStringAsync(address), StringComparison.Ordinal);
        }
        finally
        {
            portal.Kill();
            await portal.WaitForExitAsync();
        }
    }

    private Process Start(params (string Key, string Value)[] settings)
        => PortalProgram.Start([], [("Database__ConnectionString", $"Data Source={Path.Combine(_folder, "portal.db")}"), .. settings]);
}
