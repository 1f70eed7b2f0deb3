using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Xeno.Portal.Apps;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Weaknesses;

/// <summary>
/// Log injection: no part of a request starts a new line in the log or reaches a terminal as a command, also at more verbose levels. (One
/// category of the framework does print decoded paths, <c>Microsoft.AspNetCore.Hosting.Diagnostics</c>; the settings file switches it off.)
/// </summary>
[Trait("Category", "Fast")]
public sealed partial class LogInjectionTests
{
    private const string Forged = "Information: forged line";

    private static readonly string[] s_breaks =
    [
        "\r\n", "\n", "\r", "\0", "\u001b[2K", "\u001b]0;x\u0007", "\u0085", "\u2028", "\u2029", "\b", "\u000b", "\u000c", "\u009b2K",
    ];

    private static readonly string[] s_paths =
    [
        "/", "/nothing/", "/apps/", "/api/v1/", "/api/v1/widgets?cursor=", "/oauth/", "/docs/", "/account/login?returnUrl=/",
        "/_blazor?id=", "/playground/callback?error=", "/.well-known/",
    ];

    private static readonly string[] s_parameters =
        ["client_id", "client_secret", "code", "grant_type", "redirect_uri", "code_verifier", "token", "x"];

    private static readonly string[] s_headers =
    [
        "User-Agent", "Host", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "Referer", "Origin", "Authorization", "Cookie",
        "Accept", "Content-Type", "X-Request-Id", "traceparent", "Range", "If-None-Match",
    ];

    [Fact]
    public async Task No_line_is_forged_by_a_path_a_parameter_or_a_header()
    {
        await using var portal = new ListeningPortal(
            ("Logging:LogLevel:Default", "Debug"), ("Logging:LogLevel:Microsoft", "Information"), ("Logging:LogLevel:OpenIddict", "Debug"));
        var account = await portal.AccountAsync();
        var app = await portal.AppAsync(account, "https://app.example/callback");
        var (name, value) = await portal.SessionCookieAsync(account, portal.Time.GetUtcNow());
        var raw = new RawHttp(portal.Origin);
        string[] forms = ["/oauth/token", "/oauth/revoke", "/oauth/introspect", "/account/login", $"/apps/{app.ClientId}/redirect-uris"];

        foreach (var odd in s_breaks.Select(end => $"x{end}{Forged}"))
        {
            var encoded = Uri.EscapeDataString(odd);
            var bytes = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(odd));
            foreach (var path in s_paths)
                await SendAsync("GET", path + encoded);
            foreach (var parameter in new[] { "client_id", "scope", "state", "redirect_uri", "response_type", "prompt", "x" })
                await SendAsync("GET", $"/oauth/authorize?client_id={app.ClientId}&scope=widgets&{parameter}={encoded}");
            foreach (var parameter in s_parameters)
                foreach (var path in forms)
                    await SendAsync("POST", path, body: $"client_id={app.ClientId}&{parameter}={encoded}");
            foreach (var header in s_headers)
            {
                await SendAsync("GET", "/apps", (header, bytes));
                await SendAsync("POST", "/oauth/token", (header, bytes));
                await SendAsync("GET", "/api/v1/me", (header, encoded));
            }

            await SendAsync("POST", "/oauth/token", ("Authorization", Basic(odd)));
            await SendAsync("POST", "/oauth/token", ("Authorization", Basic(encoded)));
            await SendAsync($"G{bytes}", "/");
        }

        Assert.Contains("Executed endpoint", portal.Log.Text, StringComparison.Ordinal); // The more verbose levels are on.
        ShouldHoldNoForgedLine(portal.Log.Text);

        Task SendAsync(string method, string target, (string Name, string Value)? header = null, string body = "")
        {
            var host = header?.Name == "Host" ? "" : $"Host: {raw.Authority}\r\n";
            var given = header is var (n, v) ? $"{n}: {v}\r\n" : "";
            return raw.SendAsync(
                $"{method} {target} HTTP/1.1\r\n{host}Cookie: {name}={value}\r\nAccept: text/html\r\n"
                + $"Content-Type: application/x-www-form-urlencoded\r\n{given}Content-Length: {body.Length}\r\n"
                + $"Connection: close\r\n\r\n{body}",
                TestContext.Current.CancellationToken);
        }

        static string Basic(string both) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{both}:{both}"));
    }

    [Fact]
    public async Task No_line_is_forged_by_an_argument_of_a_service()
    {
        await using var portal = new PortalFactory { Settings = { ["Logging:LogLevel:Default"] = "Debug" } };
        var account = await portal.AccountAsync();
        foreach (var odd in s_breaks.Select(end => $"x{end}{Forged}"))
            await portal.InScopeAsync(async services =>
            {
                var apps = services.GetRequiredService<AppRegistry>();
                await apps.RevealSecretAsync(account.Actor, odd);
                await apps.RotateSecretAsync(account.Actor, odd);
                await apps.DeleteAsync(account.Actor, odd);
                await services.GetRequiredService<Xeno.Portal.Installations.InstallationService>().UninstallAsync(account.Id, odd);
                var form = new AppForm { Name = odd, RedirectUris = "https://app.example/cb" };
                Assert.True((await apps.RegisterAsync(account.Actor, form)).Problems.Any);
            });

        ShouldHoldNoForgedLine(portal.Log.Text);
    }

    [Theory]
    [InlineData("a\0b")]
    [InlineData("a\u001b[31mb")]
    [InlineData("a\u202Eb")]
    [InlineData("a\u2066b")]
    [InlineData("a\u200Bb")]
    [InlineData("a\uFEFFb")]
    public async Task A_description_with_invisible_characters_is_refused(string description)
    {
        await using var portal = new PortalFactory();
        var owner = await portal.AccountAsync();

        var made = await portal.InScopeAsync(services => services.GetRequiredService<AppRegistry>().RegisterAsync(
            owner.Actor, new AppForm { Name = "An app", RedirectUris = "https://app.example/cb", Description = description }));

        Assert.NotNull(made.Problems.Description);
    }

    private static void ShouldHoldNoForgedLine(string log)
    {
        var found = ForgedLine().Match(log);
        var start = Math.Max(0, found.Index - 300);
        Assert.False(found.Success, found.Success ? log.Substring(start, Math.Min(600, log.Length - start)) : "");
        Assert.DoesNotContain(log, c => char.IsControl(c) && c is not ('\n' or '\r' or '\t'));
    }

    [GeneratedRegex("[\\n\\r\\u0085\\u2028\\u2029\\v\\f]\\s*" + Forged)]
    private static partial Regex ForgedLine();
}
