using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.WebUtilities;

namespace Xeno.Portal.Tests.Support;

/// <summary>
/// A third-party app as its developer would write it: builds authorize addresses, exchanges codes, calls the API, revokes and introspects.
/// </summary>
public sealed class RelyingParty(HttpClient http, GivenApp app)
{
    public RelyingParty(PortalFactory portal, GivenApp app)
        : this(portal.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false, HandleCookies = false }), app)
    {
    }

    public GivenApp App { get; } = app;

    /// <summary>
    /// An authorize address: the Client ID and <c>scope=widgets</c>, replaced or extended by the given parameters (null leaves one out).
    /// </summary>
    public string AuthorizeUrl(params (string Name, string? Value)[] parameters)
    {
        var query = new Dictionary<string, string?>(StringComparer.Ordinal) { ["client_id"] = App.ClientId, ["scope"] = "widgets" };
        foreach (var (name, value) in parameters)
            query[name] = value;
        return QueryHelpers.AddQueryString("/oauth/authorize", query.Where(p => p.Value is not null));
    }

    /// <summary>Opens the consent page, presses the given button, and returns the redirect to the app.</summary>
    public static async Task<HttpResponseMessage> DecideAsync(HttpClient browser, string authorizeUrl, string decision)
    {
        var page = await browser.GetAsync(authorizeUrl);
        if (page.StatusCode != HttpStatusCode.OK)
            return page;
        var fields = (await page.PageAsync()).FieldsOfForm("/oauth/authorize");
        fields["decision"] = decision;
        return await browser.PostAsync("/oauth/authorize", new FormUrlEncodedContent(fields));
    }

    /// <summary>The code after Allow, or after a remembered consent.</summary>
    public async Task<string> CodeAsync(HttpClient browser, params (string Name, string? Value)[] parameters)
    {
        var answer = (await DecideAsync(browser, AuthorizeUrl(parameters), "allow")).RedirectQuery();
        Assert.True(answer.ContainsKey("code"), $"No code: {string.Join(", ", answer)}");
        return answer["code"];
    }

    /// <summary>The token of a new installation.</summary>
    public async Task<string> InstallAsync(HttpClient browser, string scope = "widgets")
    {
        var code = await CodeAsync(browser, ("scope", scope), ("prompt", "consent"));
        var answer = await ExchangeAsync(code);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return answer["access_token"]!;
    }

    /// <summary>Exchanges a code; parameters given here replace the usual ones (null leaves one out).</summary>
    public Task<JsonAnswer> ExchangeAsync(string? code, params (string Name, string? Value)[] parameters)
        => PostAsync("/oauth/token", [("client_id", App.ClientId), ("client_secret", App.Secret), ("code", code), .. parameters]);

    public Task<JsonAnswer> IntrospectAsync(string token)
        => PostAsync("/oauth/introspect", [("client_id", App.ClientId), ("client_secret", App.Secret), ("token", token)]);

    public Task<JsonAnswer> RevokeAsync(string token)
        => PostAsync("/oauth/revoke", [("client_id", App.ClientId), ("client_secret", App.Secret), ("token", token)]);

    /// <summary>Posts a form; a name given twice is sent once, with the last value; null leaves it out.</summary>
    public Task<JsonAnswer> PostAsync(
        string path, (string Name, string? Value)[] parameters, AuthenticationHeaderValue? authorization = null)
    {
        var form = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var (name, value) in parameters)
            form[name] = value;
        return SendAsync(HttpMethod.Post, path,
            new FormUrlEncodedContent(form.Where(p => p.Value is not null).Select(p => KeyValuePair.Create(p.Key, p.Value!))),
            authorization);
    }

    public async Task<JsonAnswer> SendAsync(
        HttpMethod method, string path, HttpContent? content, AuthenticationHeaderValue? authorization = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Authorization = authorization;
        var response = await http.SendAsync(request);
        return new JsonAnswer(response, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Calls the API with a bearer token.</summary>
    public Task<JsonAnswer> CallAsync(string token, string path = "/api/v1/me")
        => SendAsync(HttpMethod.Get, path, null, new AuthenticationHeaderValue("Bearer", token));
}

/// <summary>An answer of a protocol endpoint.</summary>
public sealed record JsonAnswer(HttpResponseMessage Response, string Text)
{
    public HttpStatusCode Status => Response.StatusCode;

    public JsonElement Json { get; } = Text.StartsWith('{') ? JsonDocument.Parse(Text).RootElement : default;

    /// <summary>A member as text, or null when there is none.</summary>
    public string? this[string name]
        => Json.ValueKind == JsonValueKind.Object && Json.TryGetProperty(name, out var value) ? value.ToString() : null;

    /// <summary>
    /// Asserts a refusal of RFC 6749 section 5.2: status, error, a description, and an error_uri that points to this error's paragraph.
    /// </summary>
    public JsonAnswer ShouldBeError(HttpStatusCode status, string error)
    {
        Assert.Equal((status, error), (Status, this["error"]));
        Assert.False(string.IsNullOrWhiteSpace(this["error_description"]));
        Assert.EndsWith($"/docs/errors#{error}", this["error_uri"]);
        Assert.True(Response.Headers.CacheControl?.NoStore, "An answer of this endpoint must not be stored.");
        return this;
    }
}
