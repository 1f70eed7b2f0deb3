using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Xeno.Portal.Tests.Api;

/// <summary>How the API refuses a call.</summary>
internal static class ApiRefusal
{
    /// <summary>Asserts problem details (RFC 9457) with that error, and gives the challenge (RFC 6750 section 3).</summary>
    /// <param name="hasToken">Whether the call brought a token; if not, the challenge names no error.</param>
    public static async Task<string> ShouldBeAsync(
        HttpResponseMessage response, HttpStatusCode status, string error, bool hasToken = true)
    {
        Assert.Equal(status, response.StatusCode);
        var challenge = Assert.Single(response.Headers.WwwAuthenticate).ToString();
        Assert.StartsWith("Bearer ", challenge, StringComparison.Ordinal);
        Assert.Equal(hasToken, challenge.Contains($"error=\"{error}\"", StringComparison.Ordinal));
        Assert.Equal(hasToken, challenge.Contains("error_description=", StringComparison.Ordinal));
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(((int)status).ToString(CultureInfo.InvariantCulture), body.GetProperty("status").ToString());
        Assert.Equal(error, body.GetProperty("error").GetString());
        return challenge;
    }
}
