using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Testing.Handlers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xeno.Portal.Data;
using Xeno.Portal.Data.OAuth;
using Xeno.Portal.Data.Sessions;
using Xeno.Portal.Sessions;

namespace Xeno.Portal.Tests.Support;

/// <summary>
/// Clients that act as a browser: they keep cookies, and return redirects instead of following them. They sign in without going
/// through the log-in page, which has tests of its own and costs a password hash each time.
/// </summary>
public static class SignedInClient
{
    // The framework's name of the claim, which it keeps private.
    private const string SessionKeyClaim = "Microsoft.AspNetCore.Authentication.Cookies-SessionId";

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

    /// <summary>A browser at this portal with the cookies that <paramref name="browser"/> has now.</summary>
    public static HttpClient CopyOf(this PortalFactory portal, HttpClient browser)
    {
        var copy = portal.Browser();
        copy.Cookies().Add(browser.Cookies().GetAllCookies());
        return copy;
    }

    /// <summary>Signs <paramref name="account"/> in; an earlier session of this browser is replaced.</summary>
    public static async Task SignInAsync(this PortalFactory portal, HttpClient browser, GivenAccount account)
    {
        var (name, value) = await portal.SessionCookieAsync(account);
        browser.Cookies().Add(new Cookie(name, value, "/", browser.BaseAddress!.Host));
    }

    /// <summary>The cookie that the portal sets when <paramref name="account"/> signs in; without a time, now.</summary>
    public static async Task<(string Name, string Value)> SessionCookieAsync(
        this PortalFactory portal, GivenAccount account, DateTimeOffset? signedInAt = null)
    {
        var key = Guid.NewGuid().ToString("N");
        await portal.StartSessionAsync(account.Id, key, signedInAt);
        return portal.CookieOf(key);
    }

    /// <summary>Gives a browser a session cookie with that key, made with the keys of the portal.</summary>
    public static void PutSessionKey(this PortalFactory portal, HttpClient browser, string key)
    {
        var (name, value) = portal.CookieOf(key);
        browser.Cookies().Add(new Cookie(name, value, "/", browser.BaseAddress!.Host));
    }

    /// <summary>A session of an account that starts now, for acts that are called without a browser.</summary>
    public static async Task<Actor> ActorAsync(this PortalFactory portal, string accountId)
        => new(accountId, await portal.StartSessionAsync(accountId, Guid.NewGuid().ToString("N")));

    /// <summary>The key in a browser's session cookie, decrypted with the keys of the portal.</summary>
    public static string SessionKeyOf(this PortalFactory portal, HttpClient browser)
    {
        var options = portal.SessionOptions();
        var cookie = browser.Cookies().GetAllCookies()[options.Cookie.Name!]!.Value;
        return options.TicketDataFormat.Unprotect(cookie)!.Principal.FindFirst(SessionKeyClaim)!.Value;
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

    private static (string Name, string Value) CookieOf(this PortalFactory portal, string key)
    {
        var options = portal.SessionOptions();
        var ticket = new AuthenticationTicket(
            new ClaimsPrincipal(new ClaimsIdentity([new Claim(SessionKeyClaim, key)], "session")), IdentityConstants.ApplicationScheme);
        return (options.Cookie.Name!, options.TicketDataFormat.Protect(ticket));
    }

    private static Task<string> StartSessionAsync(
        this PortalFactory portal, string accountId, string key, DateTimeOffset? signedInAt = null)
        => portal.InScopeAsync(async services =>
        {
            var stamp = await services.GetRequiredService<PortalDbContext>().Users
                .Where(a => a.Id == accountId).Select(a => a.SecurityStamp).SingleAsync();
            var id = Guid.CreateVersion7().ToString("N");
            var now = signedInAt ?? services.GetRequiredService<TimeProvider>().GetUtcNow();
            var database = services.GetRequiredService<PortalDbContext>();
            database.Sessions.Add(new AccountSession
            {
                Id = id, AccountId = accountId, KeyHash = TokenHash.Of(key), Stamp = stamp!, StartedAt = now, ProvedAt = now,
                RenewedAt = now, LastSeenAt = now, EndsAt = now.AddDays(14), Device = "Firefox on Linux",
            });
            await database.SaveChangesAsync();
            return id;
        });

    private static CookieAuthenticationOptions SessionOptions(this PortalFactory portal)
        => portal.Services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(IdentityConstants.ApplicationScheme);
}
