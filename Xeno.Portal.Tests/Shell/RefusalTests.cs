using System.Text;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Shell;

/// <summary>
/// A browser that gets a refusal without a body shows its own error page, and what was typed is gone. So each refusal of each page has a
/// page.
/// </summary>
[Trait("Category", "Fast")]
public sealed class RefusalTests
{
    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    public async Task No_refusal_of_a_page_has_an_empty_body(string environment)
    {
        await using var portal = new PortalFactory
        {
            Environment = environment, Settings = { ["OAuth:Issuer"] = "https://localhost" },
        };
        portal.ClientOptions.BaseAddress = new Uri("https://localhost");
        var account = await portal.AccountAsync();
        var app = await portal.AppAsync(account, GivenApps.Callback);
        HttpClient[] browsers = [portal.Browser(), await portal.BrowserOfAsync(account)];
        var pages = Pages(portal, app);
        Assert.Contains("/account/login", pages);
        Assert.Contains($"/apps/{app.ClientId}/redirect-uris", pages);

        var empty = new List<string>();
        var refused = 0;
        foreach (var browser in browsers)
        foreach (var page in pages)
        foreach (var (what, request) in await RequestsAsync(browser, page))
        {
            request.Headers.Accept.ParseAdd("text/html");
            using var answer = await browser.SendAsync(request);
            if ((int)answer.StatusCode < 400)
                continue;

            refused++;
            var body = await answer.Content.ReadAsStringAsync();
            // In Development the framework explains a form without a handler in a sentence of its own.
            if (!body.Contains(environment == "Development" ? " " : "</html>", StringComparison.Ordinal))
                empty.Add($"{what} {page}: {(int)answer.StatusCode} {body}");
        }

        Assert.True(empty.Count == 0, string.Join('\n', empty));
        Assert.InRange(refused, pages.Count, int.MaxValue);
    }

    /// <summary>Every page, every address that a form posts to, and some that are not there.</summary>
    private static List<string> Pages(PortalFactory portal, GivenApp app)
    {
        var routes = portal.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();
        return
        [
            .. routes.Where(route => route.Metadata.GetMetadata<ComponentTypeMetadata>() is not null
                    || route.RoutePattern.RawText!.StartsWith("/apps", StringComparison.OrdinalIgnoreCase))
                .Select(route => "/" + route.RoutePattern.RawText!.TrimStart('/'))
                .Select(path => path.Replace("{ClientId}", app.ClientId, StringComparison.OrdinalIgnoreCase)).Distinct(),
            "/nothing", "/apps/nothing/nothing", "/apps/xa_nothing",
        ];
    }

    private static async Task<List<(string What, HttpRequestMessage Request)>> RequestsAsync(HttpClient browser, string page)
    {
        var form = (await (await browser.GetAsync(page)).PageAsync()).QuerySelector("form input[name=__RequestVerificationToken]");
        var token = form?.GetAttribute("value") ?? "";
        return
        [
            ("GET", new(HttpMethod.Get, page)),
            ("PUT", new(HttpMethod.Put, page)),
            ("DELETE", new(HttpMethod.Delete, page)),
            ("OPTIONS", new(HttpMethod.Options, page)),
            ("POST without a body", Post(page, null)),
            ("POST without a token", Post(page, new FormUrlEncodedContent([new("_handler", "login")]))),
            ("POST with a wrong token", Post(page, Form(("__RequestVerificationToken", "wrong"), ("_handler", "login")))),
            ("POST with a token and no handler", Post(page, Form(("__RequestVerificationToken", token)))),
            ("POST of an unknown form", Post(page, Form(("__RequestVerificationToken", token), ("_handler", "nothing")))),
            ("POST with two handlers", Post(page, Form(("__RequestVerificationToken", token), ("_handler", "a"), ("_handler", "b")))),
            ("POST of JSON", Post(page, new StringContent("{}", Encoding.UTF8, "application/json"))),
            ("POST of a broken form", Post(page, Raw("a=%zz&%", "application/x-www-form-urlencoded"))),
            ("POST of too many fields", Post(page, Raw(string.Join('&', Enumerable.Range(0, 2000).Select(i => $"f{i}=1")),
                "application/x-www-form-urlencoded"))),
            ("POST of broken parts", Post(page, Raw("--x\r\nnothing", "multipart/form-data; boundary=x"))),
        ];
    }

    private static HttpRequestMessage Post(string page, HttpContent? content) => new(HttpMethod.Post, page) { Content = content };

    private static FormUrlEncodedContent Form(params (string Name, string Value)[] fields)
        => new(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));

    private static ByteArrayContent Raw(string body, string type)
    {
        var content = new ByteArrayContent(Encoding.ASCII.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        return content;
    }
}
