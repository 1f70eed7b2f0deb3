using System.Net;

namespace Xeno.Portal.Tests.Support;

/// <summary>How /oauth/authorize refuses: by a redirect to the app, or by a page when a redirect is not allowed.</summary>
internal static class AuthorizeAnswers
{
    /// <summary>Asserts that the app gets this error (RFC 6749 section 4.1.2.1), and no code.</summary>
    public static void ShouldBeError(this Dictionary<string, string> query, string error)
    {
        Assert.Equal(error, query.GetValueOrDefault("error"));
        Assert.Matches("^[\\x20\\x21\\x23-\\x5B\\x5D-\\x7E]+$", query["error_description"]);
        Assert.Equal($"http://localhost/docs/errors#{error}", query["error_uri"]);
        Assert.Equal("http://localhost", query["iss"]);
        Assert.DoesNotContain("code", query.Keys);
    }

    /// <summary>Asserts a page of status 400 without a link to another site.</summary>
    public static async Task ShouldBeErrorPageAsync(this HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Null(response.Headers.Location);
        var html = await response.Content.ReadAsStringAsync();
        Assert.Contains("<h1", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
        Assert.Empty((await response.PageAsync()).QuerySelectorAll("a[href^='https://evil'], a[href^='javascript']"));
    }
}
