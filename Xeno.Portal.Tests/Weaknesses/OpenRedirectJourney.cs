using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Weaknesses;

/// <summary>The same in a real Chromium, which has the last word on what an address means. The journey's base class tells of any request elsewhere.</summary>
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
