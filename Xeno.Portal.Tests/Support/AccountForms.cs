using System.Net;
using AngleSharp.Html.Dom;

namespace Xeno.Portal.Tests.Support;

/// <summary>Fills in the account pages as a browser without JavaScript does.</summary>
internal static class AccountForms
{
    public static Task<HttpResponseMessage> LogInAsync(
        this HttpClient browser, string email, string password = Given.Password, string? returnUrl = null)
        => browser.SubmitAsync(Address("/account/login", returnUrl), ("Input.Email", email), ("Input.Password", password));

    public static Task<HttpResponseMessage> RegisterAsync(
        this HttpClient browser, string email, string? returnUrl = null, string password = Given.Password, string? confirmation = null)
        => browser.SubmitAsync(Address("/account/register", returnUrl),
            ("Input.Email", email), ("Input.Password", password), ("Input.ConfirmPassword", confirmation ?? password));

    /// <summary>
    /// Fills in the form in the middle of a page and sends it; a field of that name need not be there yet (a button's).
    /// </summary>
    public static async Task<HttpResponseMessage> SendFormAsync(
        this HttpClient browser, string address, params (string Name, string Value)[] typed)
    {
        return await browser.PostFormAsync(address, await (await browser.GetAsync(address)).PageAsync(), typed);
    }

    /// <summary>Asserts a redirect, and gives the path and query it leads to.</summary>
    public static string LeadsTo(this HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        return new Uri(new Uri("http://localhost"), response.Headers.Location!).PathAndQuery;
    }

    /// <summary>What the page says went wrong; empty when nothing did.</summary>
    public static async Task<string> AlertAsync(this HttpResponseMessage response)
        => (await response.PageAsync()).QuerySelector("[role=alert]")?.TextContent.Trim() ?? "";

    /// <summary>The hidden fields of the form in the middle of a page.</summary>
    public static Dictionary<string, string> HiddenFields(this IHtmlDocument page) => page.QuerySelectorAll("main form input[type=hidden]")
        .ToDictionary(input => input.GetAttribute("name")!, input => input.GetAttribute("value")!, StringComparer.Ordinal);

    private static async Task<HttpResponseMessage> SubmitAsync(
        this HttpClient browser, string address, params (string Name, string Value)[] typed)
    {
        var opened = await browser.GetAsync(address);
        if (opened.StatusCode == HttpStatusCode.Redirect) // Somebody signed in, who comes by "Not you?".
            opened = await browser.GetAsync(address += (address.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "again=true");
        var page = await opened.PageAsync();
        Assert.All(typed, field => Assert.NotNull(page.QuerySelector($"[name='{field.Name}']")));
        return await browser.PostFormAsync(address, page, typed);
    }

    private static Task<HttpResponseMessage> PostFormAsync(
        this HttpClient browser, string address, IHtmlDocument page, params (string Name, string Value)[] typed)
    {
        var fields = page.HiddenFields();
        foreach (var (name, value) in typed)
            fields[name] = value;
        return browser.PostAsync(address, new FormUrlEncodedContent(fields));
    }

    private static string Address(string page, string? returnUrl)
        => returnUrl is null ? page : $"{page}?returnUrl={Uri.EscapeDataString(returnUrl)}";
}
