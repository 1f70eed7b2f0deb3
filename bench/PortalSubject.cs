using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Xeno.Portal.Data.OAuth;

namespace Xeno.Portal.Bench;

/// <summary>A build of the portal on its own store, with its default settings but without limits.</summary>
/// <param name="tokens">How many tokens of other apps and accounts are in the store before the measurement.</param>
internal sealed partial class PortalSubject(string build, string name, int tokens = 0) : Subject
{
    private const string Secret = "bench-secret-of-the-demo-app";

    private string? _clientId;

    public override string Name => name;

    public override bool IsDotNet => true;

    public override string FirstAnswer => "/.well-known/oauth-authorization-server";

    public override ProcessStartInfo Command(string folder) => new("dotnet", [Path.Combine(build, "Xeno.Portal.dll")])
    {
        WorkingDirectory = folder,
        Environment =
        {
            // Development, only for the demo account and app. Everything else is as shipped.
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["Urls"] = $"http://localhost:{Port}",
            ["Database__ConnectionString"] = $"Data Source={Store(folder)}",
            ["RateLimits__Enabled"] = "false",
        },
    };

    public override async Task MakeStoreAsync(string folder)
    {
        using var database = new SqliteConnection($"Data Source={Store(folder)}");
        await using (await RunningServer.StartAsync(this, folder))
        {
            database.Open();

            // Only its owner can read the demo app's secret, in a browser, so the bench replaces it. The app is created a moment after the
            // first answer.
            using var command = database.CreateCommand();
            command.CommandText = "update Apps set ClientSecret = $hash where DisplayName = 'Demo app' returning ClientId";
            command.Parameters.AddWithValue("$hash", TokenHash.Of(Secret));
            while ((_clientId = (string?)command.ExecuteScalar()) is null)
                await Task.Delay(20);
        }

        if (tokens > 0)
            Fill.Tokens(database, tokens);
    }

    public override async Task<Flow> EnterAsync(Uri origin)
    {
        var cookies = new CookieContainer();
        using var handler = new HttpClientHandler { CookieContainer = cookies, AllowAutoRedirect = false };
        using var browser = new HttpClient(handler) { BaseAddress = origin };

        await PostAsync(browser, "/account/login", await browser.GetStringAsync("/account/login"),
            ("Input.Email", "demo@xeno.test"), ("Input.Password", "Passw0rd!"));

        var authorize = $"/oauth/authorize?client_id={_clientId}&scope=widgets&state=bench";
        var page = await browser.GetAsync(authorize);
        if (page.StatusCode == HttpStatusCode.OK)
        {
            var consent = await page.Content.ReadAsStringAsync();
            var form = consent[consent.IndexOf("xp-consent-actions", StringComparison.Ordinal)..];
            page = await PostAsync(browser, "/oauth/authorize", form, ("decision", "allow"));
        }

        if (page.Headers.Location is not { } back)
            throw new InvalidOperationException($"{authorize} answered {page.StatusCode}:\n{await page.Content.ReadAsStringAsync()}");
        var code = Regex.Match(back.OriginalString, "[?&]code=([^&]+)").Groups[1].Value;
        var client = $"client_id={_clientId}&client_secret={Secret}";
        using var exchange = new StringContent($"{client}&code={code}", null, "application/x-www-form-urlencoded");
        (await browser.PostAsync("/oauth/token", exchange)).EnsureSuccessStatusCode();

        return new Flow(authorize, cookies.GetCookieHeader(origin), 302, "/oauth/token", client, client,
            "/api/v1/me", "demo@xeno.test", "/oauth/introspect", "/oauth/revoke");
    }

    /// <summary>Adds that many valid tokens of the demo app on the demo account to a store that no server has open.</summary>
    public static void AddTokens(string folder, int tokens)
    {
        using var database = new SqliteConnection($"Data Source={Store(folder)}");
        database.Open();
        Fill.TokensOf(database, tokens, Id("Accounts", "Email", "demo@xeno.test"), Id("Apps", "DisplayName", "Demo app"));

        string Id(string table, string column, string value)
        {
            using var command = database.CreateCommand();
            command.CommandText = $"select Id from {table} where {column} = $value";
            command.Parameters.AddWithValue("$value", value);
            return (string)command.ExecuteScalar()!;
        }
    }

    /// <summary>The form of a log-in as a page gave it, without e-mail address and password, and the cookie that belongs to it.</summary>
    public static async Task<(string Form, string Cookie)> LogInFormAsync(Uri origin)
    {
        var cookies = new CookieContainer();
        using var handler = new HttpClientHandler { CookieContainer = cookies };
        using var browser = new HttpClient(handler) { BaseAddress = origin };
        using var form = new FormUrlEncodedContent(HiddenFields(await browser.GetStringAsync("/account/login")));
        return (await form.ReadAsStringAsync(), cookies.GetCookieHeader(origin));
    }

    private static async Task<HttpResponseMessage> PostAsync(
        HttpClient browser, string path, string page, params (string Name, string Value)[] fields)
    {
        using var content = new FormUrlEncodedContent(
            [.. HiddenFields(page), .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value))]);
        var answer = await browser.PostAsync(path, content);
        return (int)answer.StatusCode < 400 ? answer : throw new InvalidOperationException($"{path} answered {answer.StatusCode}.");
    }

    private static IEnumerable<KeyValuePair<string, string>> HiddenFields(string page) => HiddenField().Matches(page)
        .Select(field => KeyValuePair.Create(field.Groups[1].Value, WebUtility.HtmlDecode(field.Groups[2].Value)));

    private static string Store(string folder) => Path.Combine(folder, "portal.db");

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"")]
    private static partial Regex HiddenField();
}
