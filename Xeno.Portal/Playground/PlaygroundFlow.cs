using System.Net.Http.Headers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Xeno.Portal.Apps;
using Xeno.Portal.Sessions;

namespace Xeno.Portal.Playground;

/// <summary>
/// The flow as an app runs it: every step is a real request to the portal's public address. The code of the authorization server is never
/// called directly.
/// </summary>
public sealed class PlaygroundFlow(AppRegistry apps, PlaygroundState states, DemoApp demo, IHttpClientFactory clients)
{
    public const string HttpClientName = "playground";

    // The page shows the result as escaped text, so only what JSON itself needs is escaped here.
    private static readonly JsonSerializerOptions s_readable = new()
    {
        WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The apps that the account can try the flow with: its own, and the demo app where there is one.</summary>
    public async Task<IReadOnlyList<PlaygroundApp>> AppsOfAsync(string accountId, string origin)
    {
        var found = new List<PlaygroundApp>();
        var ids = (await apps.ListForAsync(accountId)).Select(app => app.ClientId).Append(demo.ClientId).OfType<string>().Distinct();
        foreach (var clientId in ids)
            if (await apps.FindAsync(demo.OwnerOr(accountId, clientId), clientId) is { } details)
                found.Add(new PlaygroundApp(clientId, details.Name, details.HasSecret, details.CanReveal,
                    details.RedirectUris.Contains(origin + PortalUrls.PlaygroundCallback, StringComparer.Ordinal)));
        return found;
    }

    /// <summary>Adds the playground's redirect URI to one of the account's apps. Returns the reason when it cannot be added.</summary>
    public async Task<string?> AddCallbackAsync(Actor actor, string clientId, string origin)
    {
        var (change, problem) = await apps.AddRedirectUriAsync(actor, clientId, origin + PortalUrls.PlaygroundCallback);
        return change == AppChange.Done ? problem : "The app was changed or deleted at the same moment. Reload the page.";
    }

    /// <summary>The address that the browser is sent to (RFC 6749 §4.1.1), with PKCE (RFC 7636).</summary>
    public (string Url, Exchange Shown) Authorize(string accountId, string clientId, string scope, string origin)
    {
        var run = states.Start(accountId, clientId, scope);
        var state = states.Protect(run);
        var url = QueryHelpers.AddQueryString(origin + PortalUrls.Authorize, new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["response_type"] = "code", ["client_id"] = clientId, ["redirect_uri"] = origin + PortalUrls.PlaygroundCallback,
            ["scope"] = scope, ["state"] = state, ["code_challenge"] = run.Challenge, ["code_challenge_method"] = "S256",
            ["prompt"] = "consent",
        });
        var shown = Masking.Apply(url, state)
            .Replace("&", "\n  &", StringComparison.Ordinal)
            .Replace("?", "\n  ?", StringComparison.Ordinal);
        return (url, new Exchange($"GET {shown}", null, ""));
    }

    /// <summary>Exchanges the code (RFC 6749 §4.1.3). The token is returned only, never stored or shown.</summary>
    public async Task<(Exchange Shown, string? Token)> ExchangeAsync(string accountId, PlaygroundState.Run run, string code, string origin)
    {
        var secret = await apps.UseSecretAsync(demo.OwnerOr(accountId, run.ClientId), run.ClientId);
        var form = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["grant_type"] = "authorization_code", ["client_id"] = run.ClientId, ["code"] = code,
            ["redirect_uri"] = origin + PortalUrls.PlaygroundCallback, ["code_verifier"] = run.Verifier,
        };
        if (secret is not null)
            form["client_secret"] = secret;

        var (shown, body) = await SendAsync(HttpMethod.Post, origin + PortalUrls.Token, form, null, [secret, code, run.Verifier]);
        return (shown, Member(body, "access_token"));
    }

    /// <summary>Calls the API with the token (RFC 6750 §2.1).</summary>
    public async Task<Exchange> CallAsync(string token, string path, string origin)
        => (await SendAsync(HttpMethod.Get, origin + path, null, token, [])).Shown;

    /// <summary>Revokes the token as the app (RFC 7009).</summary>
    public async Task<Exchange> RevokeAsync(string accountId, string clientId, string token, string origin)
    {
        var secret = await apps.UseSecretAsync(demo.OwnerOr(accountId, clientId), clientId);
        var form = new Dictionary<string, string>(StringComparer.Ordinal) { ["client_id"] = clientId, ["token"] = token };
        if (secret is not null)
            form["client_secret"] = secret;
        return (await SendAsync(HttpMethod.Post, origin + PortalUrls.Revoke, form, null, [secret])).Shown;
    }

    private async Task<(Exchange Shown, string Body)> SendAsync(
        HttpMethod method, string url, Dictionary<string, string>? form, string? bearer, IEnumerable<string?> secrets)
    {
        using var request = new HttpRequestMessage(method, url);
        var asked = new StringBuilder($"{method} {url}");
        if (bearer is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
            asked.Append("\nAuthorization: Bearer ").Append(bearer);
        }

        if (form is not null)
        {
            request.Content = new FormUrlEncodedContent(form);
            asked.Append("\nContent-Type: application/x-www-form-urlencoded\n");
            foreach (var (name, value) in form)
                asked.Append('\n').Append(name == form.Keys.First() ? "" : "&")
                    .Append(name).Append('=').Append(Uri.EscapeDataString(value));
        }

        using var client = clients.CreateClient(HttpClientName);
        using var response = await client.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();

        var answer = new StringBuilder();
        foreach (var name in (string[])["WWW-Authenticate", "Cache-Control"])
            if (response.Headers.TryGetValues(name, out var values))
                answer.Append(name).Append(": ").AppendJoin(", ", values).Append('\n');
        if (answer.Length > 0 && body.Length > 0)
            answer.Append('\n');
        answer.Append(Readable(body));

        string?[] hidden = [.. secrets, bearer];
        var (shownRequest, shownAnswer) = (Masking.Apply(asked.ToString(), hidden), Masking.Apply(answer.ToString(), hidden));
        return (new Exchange(shownRequest, (int)response.StatusCode, shownAnswer), body);
    }

    private static string Readable(string body)
    {
        try
        {
            return JsonSerializer.Serialize(JsonDocument.Parse(body).RootElement, s_readable);
        }
        catch (JsonException)
        {
            return body;
        }
    }

    private static string? Member(string body, string name)
    {
        try
        {
            return JsonDocument.Parse(body).RootElement.TryGetProperty(name, out var value) ? value.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>An app that the playground can use.</summary>
public sealed record PlaygroundApp(string ClientId, string Name, bool HasSecret, bool CanReveal, bool HasCallback)
{
    /// <summary>Whether the playground can authenticate as the app: it has no secret, or a copy of its secret is stored.</summary>
    public bool CanAuthenticate => !HasSecret || CanReveal;
}
