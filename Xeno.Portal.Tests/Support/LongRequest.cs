using System.Net;

namespace Xeno.Portal.Tests.Support;

/// <summary>An authorization request at the limits of length, in the spelling that grows most, on its whole way.</summary>
internal static class LongRequest
{
    /// <summary>2,048 characters; each percent sign of it is percent-encoded again in an address.</summary>
    public static string RedirectUri { get; } = "https://app.example/" + string.Concat(Enumerable.Repeat("%2F", 676));

    /// <summary>4,096 bytes of UTF-8, of which each takes three characters in an address.</summary>
    /// <param name="letter">The letter it consists of.</param>
    public static string State(string letter)
    {
        var bytes = System.Text.Encoding.UTF8.GetByteCount(letter);
        return string.Concat(Enumerable.Repeat(letter, 4096 / bytes)) + new string('x', 4096 % bytes);
    }

    /// <summary>
    /// Takes <paramref name="browser"/>, which has no session yet, through log-in or registration and consent; asserts that the app gets
    /// its state back.
    /// </summary>
    public static async Task ShouldPassAsync(HttpClient browser, RelyingParty rp, string letter, string? email)
    {
        var url = rp.AuthorizeUrl(("state", State(letter)), ("redirect_uri", RedirectUri), ("prompt", email is null ? "create" : "login"));

        var asked = await browser.GetAsync(url);
        Assert.StartsWith(
            email is null ? "/account/register?" : "/account/login?", asked.Headers.Location?.OriginalString, StringComparison.Ordinal);
        var back = asked.RedirectQuery()["returnUrl"];
        var signedIn = email is null
            ? await browser.RegisterAsync($"{Guid.NewGuid():N}@example.com", back)
            : await browser.LogInAsync(email, returnUrl: back);
        Assert.Equal(back, signedIn.LeadsTo());
        var answer = await RelyingParty.DecideAsync(browser, back, "allow");

        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.StartsWith(RedirectUri + "?", answer.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.Equal(State(letter), answer.RedirectQuery()["state"]);
    }
}
