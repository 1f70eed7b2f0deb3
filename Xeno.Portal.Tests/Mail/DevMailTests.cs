using System.Net;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Mail;

/// <summary>The pages that show the mails of the folder: in Development, on this machine alone.</summary>
[Trait("Category", "Fast")]
public sealed class DevMailTests
{
    [Fact]
    public async Task A_developer_reads_mails_newest_first_and_follows_their_links()
    {
        await using var portal = new PortalFactory();
        var browser = portal.Browser();
        Assert.Contains("No mail yet", await browser.GetStringAsync("/dev/mail"), StringComparison.Ordinal);

        await portal.QueueMailAsync("ada@example.com", content: GivenMails.Content("The first"));
        portal.Leap(TimeSpan.FromSeconds(2));
        await portal.QueueMailAsync("bob@example.com", content: GivenMails.Content("The <second>"));
        await portal.SendMailsAsync();

        var list = await (await browser.GetAsync("/dev/mail")).PageAsync();
        var links = list.QuerySelectorAll("main li a").ToList();
        Assert.Equal(["The <second>", "The first"], links.Select(link => link.TextContent));
        Assert.Contains("bob@example.com", list.QuerySelector("main li")!.TextContent, StringComparison.Ordinal);

        var mail = await (await browser.GetAsync(links[0].GetAttribute("href"))).PageAsync();
        Assert.Equal("The <second>", mail.QuerySelector("h1")!.TextContent);
        Assert.Equal(
            "http://localhost:5080/account/confirm?id=1&code=secret-code", mail.QuerySelector("main pre a")!.GetAttribute("href"));

        var html = await browser.GetAsync(mail.QuerySelector("main a.xp-button")!.GetAttribute("href"));
        Assert.Equal("text/html", html.Content.Headers.ContentType!.MediaType);
        Assert.Equal(
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            Assert.Single(html.Headers.GetValues("Content-Security-Policy")));
        Assert.Equal("Confirm your e-mail address", (await html.PageAsync()).QuerySelector("h1")!.TextContent);
    }

    [Theory]
    [InlineData("Production", null)]
    [InlineData("Staging", null)]
    [InlineData("Development", "http://portal.example")]
    public async Task Nobody_else_sees_them(string environment, string? issuer)
    {
        await using var portal = new PortalFactory { Environment = environment, Settings = { ["OAuth:Issuer"] = issuer } };
        await portal.QueueMailAsync("ada@example.com");
        await portal.SendMailsAsync();
        var id = Path.GetFileNameWithoutExtension(Assert.Single(Directory.GetFiles(portal.MailFolder)));

        foreach (var path in new[] { "/dev/mail", "/DEV/mail/", $"/dev/mail/{id}", $"/dev/mail/{id}/html" })
        {
            var answer = await portal.Browser().GetAsync(path);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            Assert.DoesNotContain("secret-code", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("..%2F..%2Fportal")]
    [InlineData("nothing/html")]
    [InlineData("..%2F..%2Fportal/html")]
    public async Task What_is_not_in_the_folder_is_not_found(string id)
    {
        await using var portal = new PortalFactory();
        await portal.QueueMailAsync("ada@example.com");
        await portal.SendMailsAsync();

        Assert.Equal(HttpStatusCode.NotFound, (await portal.Browser().GetAsync($"/dev/mail/{id}")).StatusCode);
    }

    [Fact]
    public async Task A_file_that_is_no_mail_is_left_out()
    {
        await using var portal = new PortalFactory();
        await portal.QueueMailAsync("ada@example.com");
        await portal.SendMailsAsync();
        await File.WriteAllBytesAsync(Path.Combine(portal.MailFolder, "zzz.eml"), [], TestContext.Current.CancellationToken);

        Assert.Equal("ada@example.com", Assert.Single(await portal.FiledMailsAsync()).To);
    }
}
