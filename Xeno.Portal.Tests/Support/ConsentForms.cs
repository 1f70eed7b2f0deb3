using System.Net;

namespace Xeno.Portal.Tests.Support;

/// <summary>The consent page's form, kept and sent by a browser at a time of its choosing.</summary>
internal static class ConsentForms
{
    /// <summary>The fields of the page's form as its Allow would send them.</summary>
    public static async Task<Dictionary<string, string>> FormAsync(HttpClient browser, string url)
    {
        var form = (await (await browser.GetAsync(url)).PageAsync()).FieldsOfForm("/oauth/authorize");
        form["decision"] = "allow";
        return form;
    }

    public static Task<HttpResponseMessage> PostAsync(HttpClient browser, Dictionary<string, string> form)
        => browser.PostAsync("/oauth/authorize", new FormUrlEncodedContent(form));

    /// <summary>Asserts that nothing was allowed, and that the page asks anew.</summary>
    public static async Task ShouldAskAgainAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Null(response.Headers.Location);
        Assert.Contains((await response.PageAsync()).QuerySelectorAll("button"), button => button.TextContent.Trim() == "Allow");
    }
}
