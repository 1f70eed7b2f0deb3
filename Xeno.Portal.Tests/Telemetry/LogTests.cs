using System.Net;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Telemetry;

/// <summary>No token, code, secret, password or e-mail address is written to the log (docs/operations.md).</summary>
[Trait("Category", "Fast")]
public sealed class LogTests
{
    [Fact]
    public async Task A_whole_flow_with_its_failures_writes_no_secret_to_the_log()
    {
        await using var portal = new PortalFactory
        {
            Settings = { ["Logging:LogLevel:Default"] = "Debug", ["Logging:LogLevel:Microsoft"] = "Information" },
        };
        var account = await portal.AccountAsync();
        var rp = new RelyingParty(portal, await portal.AppAsync(account, "https://app.example/callback"));
        var browser = await portal.BrowserOfAsync(account);

        var login = (await (await browser.GetAsync("/account/login")).PageAsync()).QuerySelectorAll("main form input[type=hidden]")
            .ToDictionary(input => input.GetAttribute("name")!, input => input.GetAttribute("value")!, StringComparer.Ordinal);
        login["Input.Email"] = account.Email;
        login["Input.Password"] = "a wrong password";
        await browser.PostAsync("/account/login", new FormUrlEncodedContent(login));

        var code = await rp.CodeAsync(browser, ("state", "secret-state"));
        await rp.ExchangeAsync(code, ("client_secret", "a wrong secret"));
        await rp.ExchangeAsync("a wrong code");
        var token = (await rp.ExchangeAsync(code))["access_token"]!;
        await rp.CallAsync(token);
        portal.Time.Advance(TimeSpan.FromMinutes(1));
        await rp.ExchangeAsync(code);
        Assert.Equal(HttpStatusCode.Unauthorized, (await rp.CallAsync(token)).Status);
        await rp.PostAsync($"/oauth/token?client_secret={rp.App.Secret}", [("code", code)]);
        await browser.GetAsync($"/api/v1/me?access_token={token}");

        Assert.Contains("was replayed", portal.Log.Text, StringComparison.Ordinal);
        string[] secrets =
            [token, code, rp.App.Secret!, account.Email, "a wrong password", "a wrong secret", "a wrong code", "secret-state"];
        foreach (var secret in secrets)
            Assert.DoesNotContain(secret, portal.Log.Text, StringComparison.OrdinalIgnoreCase);
    }
}
