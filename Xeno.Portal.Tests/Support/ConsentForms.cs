using System.Net;

namespace Xeno.Portal.Tests.Support;

/// <summary>The form of the consent page, read and sent in two steps.</summary>
internal static class ConsentForms
{
    /// <summary>The fields that the button Allow would send.</summary>
    public static async Task<Dictionary<string, string>> FormAsync(HttpClient browser, string url)
    {
        var form = (await (await browser.GetAsync(url)).PageAsync()).FieldsOfForm("/oauth/authorize");
        form["decision"] = "allow";
        return form;
    }

    public static Task<HttpResponseMessage> PostAsync(HttpClient browser, Dictionary<string, string> form)
        => browser.PostAsync("/oauth/authorize", new FormUrlEncodedContent(form));

    /// <summary>Asserts that nothing was allowed, and that the consent page is shown again.</summary>
    public static async Task ShouldAskAgainAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Null(response.Headers.Location);
        Assert.Contains((await response.PageAsync()).QuerySelectorAll("button"), button => button.TextContent.Trim() == "Allow");
    }
}
