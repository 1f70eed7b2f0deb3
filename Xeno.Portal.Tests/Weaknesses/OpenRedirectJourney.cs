using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Weaknesses;

/// <summary>
/// The same in a real Chromium, which decides how an address is read. The base class fails the test at any request to another site.
/// </summary>
[Trait("Category", "Browser")]
public sealed class OpenRedirectJourney(Chromium chromium) : BrowserTest(chromium)
{
    [Theory]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("/\t/evil.example")]
    [InlineData("/.//evil.example")]
    [InlineData("/%2e//evil.example")]
    [InlineData("https:evil.example")]
    public async Task A_sign_in_ends_on_this_site(string returnUrl)
    {
        await RegisterAccountAsync(returnUrl);

        await Page.WaitForURLAsync($"{Origin}/apps");
    }
}
