using System.Net;
using System.Runtime.CompilerServices;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Testing.Handlers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xeno.Portal.Data.Accounts;
using Xeno.Portal.Shell;

namespace Xeno.Portal.Tests.Support;

/// <summary>
/// Clients that act as a browser: they keep cookies, and return redirects instead of following them. They sign in without going
/// through the log-in page, which has tests of its own and costs a password hash each time.
/// </summary>
public static class SignedInClient
{
    private static readonly ConditionalWeakTable<HttpClient, CookieContainer> s_cookies = [];

    /// <summary>A browser without a session.</summary>
    public static HttpClient Browser(this PortalFactory portal)
    {
        var cookies = new CookieContainer();
        var browser = portal.CreateDefaultClient(portal.ClientOptions.BaseAddress, new CookieContainerHandler(cookies));
        s_cookies.Add(browser, cookies);
        return browser;
    }

    /// <summary>The cookies of a browser.</summary>
    public static CookieContainer Cookies(this HttpClient browser)
        => s_cookies.TryGetValue(browser, out var cookies) ? cookies : throw new InvalidOperationException("Not a browser.");

    /// <summary>A browser in which <paramref name="account"/> signed in a moment ago, by the cookie the portal itself would set.</summary>
    public static async Task<HttpClient> BrowserOfAsync(this PortalFactory portal, GivenAccount account)
    {
        var browser = portal.Browser();
        await portal.SignInAsync(browser, account);
        return browser;
    }

    /// <summary>Signs <paramref name="account"/> in; an earlier session of this browser is replaced.</summary>
    public static async Task SignInAsync(this PortalFactory portal, HttpClient browser, GivenAccount account)
    {
        var (name, value) = await portal.SessionCookieAsync(account, portal.Time.GetUtcNow());
        browser.Cookies().Add(new Cookie(name, value, "/", browser.BaseAddress!.Host));
    }

    /// <summary>The cookie that the portal set when <paramref name="account"/> signed in at that time.</summary>
    public static Task<(string Name, string Value)> SessionCookieAsync(
        this PortalFactory portal, GivenAccount account, DateTimeOffset signedInAt)
        => portal.InScopeAsync(async services =>
        {
            var accounts = services.GetRequiredService<UserManager<Account>>();
            var principal = await services.GetRequiredService<IUserClaimsPrincipalFactory<Account>>()
                .CreateAsync((await accounts.FindByIdAsync(account.Id))!);
            principal.Identities.First().AddClaim(
                new(SignedIn.TimeClaim, signedInAt.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture)));

            var scheme = IdentityConstants.ApplicationScheme;
            var options = services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(scheme);
            var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
            var ticket = new AuthenticationTicket(
                principal, new AuthenticationProperties { IssuedUtc = now, ExpiresUtc = now.AddDays(1) }, scheme);
            return (options.Cookie.Name!, options.TicketDataFormat.Protect(ticket));
        });

    /// <summary>The content of the session cookie, decrypted with the keys of the portal.</summary>
    public static AuthenticationTicket SessionOf(this PortalFactory portal, HttpClient browser)
    {
        var options = portal.Services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>()
            .Get(IdentityConstants.ApplicationScheme);
        return options.TicketDataFormat.Unprotect(browser.Cookies().GetAllCookies()[options.Cookie.Name!]!.Value)!;
    }

    /// <summary>The page's HTML as a document.</summary>
    public static async Task<IHtmlDocument> PageAsync(this HttpResponseMessage response)
        => await new HtmlParser().ParseDocumentAsync(await response.Content.ReadAsStringAsync());

    /// <summary>
    /// The fields of the page's form that posts to <paramref name="action"/>, as a browser would send them without a button.
    /// </summary>
    public static Dictionary<string, string> FieldsOfForm(this IHtmlDocument page, string action)
    {
        var form = page.Forms.Single(form => form.GetAttribute("action") == action);
        return form.Elements.OfType<IHtmlInputElement>().Where(input => !string.IsNullOrEmpty(input.Name))
            .ToDictionary(input => input.Name!, input => input.Value, StringComparer.Ordinal);
    }

    /// <summary>The query of a redirect, each parameter once.</summary>
    public static Dictionary<string, string> RedirectQuery(this HttpResponseMessage response)
    {
        Assert.True(response.StatusCode is HttpStatusCode.Redirect or HttpStatusCode.SeeOther, $"Not a redirect: {response.StatusCode}");
        var query = response.Headers.Location!.OriginalString.Split('?', 2).ElementAtOrDefault(1);
        return Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(query)
            .ToDictionary(p => p.Key, p => Assert.Single(p.Value.ToArray())!, StringComparer.Ordinal);
    }
}
