using AngleSharp;
using AngleSharp.Dom;
using Microsoft.Extensions.DependencyInjection;
using Xeno.Portal.Mail;
using Xeno.Portal.Tests.Support;
using Xeno.Portal.Text;

namespace Xeno.Portal.Tests.Mail;

/// <summary>What a mail looks like, as HTML and as plain text.</summary>
[Trait("Category", "Fast")]
public sealed class MailTextsTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    private const string Link = "http://localhost:5080/account/confirm?id=1&code=secret-code";

    [Fact]
    public async Task Both_versions_say_the_same_and_have_the_absolute_link()
    {
        var content = GivenMails.Content();
        var mail = await DrawAsync(content);
        var page = await PageOfAsync(mail);

        Assert.Equal("Confirm your e-mail address", mail.Subject);
        Assert.Equal(
            $"""
            Confirm your e-mail address

            Somebody registered with this address.

            The link works once, for an hour.

            Confirm e-mail:
            {Link}

            {"-- "}
            You get this mail because of your registration.

            """, mail.Text);
        var words = page.Body!.TextContent;
        Assert.All(
            [content.Heading, .. content.Paragraphs, content.Button!.Text, content.Footer],
            text => Assert.Contains(text, words, StringComparison.Ordinal));
        Assert.Equal([Link, Link], page.QuerySelectorAll("a").Select(link => link.GetAttribute("href")));
    }

    [Fact]
    public async Task Nothing_is_loaded_from_anywhere_and_the_mail_is_readable_in_the_dark()
    {
        var mail = await DrawAsync(GivenMails.Content());
        var page = await PageOfAsync(mail);

        Assert.Empty(page.QuerySelectorAll("img, link, script, iframe, video, object, [src], [background]"));
        Assert.DoesNotContain("url(", mail.Html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("@import", mail.Html, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("light dark", page.QuerySelector("meta[name=color-scheme]")!.GetAttribute("content"));
        Assert.Contains("max-width:600px", mail.Html, StringComparison.Ordinal);
        Assert.StartsWith("<!DOCTYPE html>", mail.Html, StringComparison.Ordinal);

        // Every class that has a colour of its own in the light has one in the dark.
        var style = page.QuerySelector("style")!.TextContent;
        Assert.All(page.QuerySelectorAll("[class]"), element => Assert.Contains($".{element.ClassName}", style, StringComparison.Ordinal));
        Assert.All(
            page.QuerySelectorAll("[style]").Where(element => element.GetAttribute("style")!.Contains("color:", StringComparison.Ordinal)),
            element => Assert.False(string.IsNullOrEmpty(element.ClassName), element.OuterHtml));
    }

    [Fact]
    public async Task A_name_is_shown_as_it_is_written_and_kept_apart_from_the_sentence()
    {
        const string name = "<b>קפה</b> & \"Co\"";
        var mail = await DrawAsync(new MailContent(
            $"{name.Isolated()} was installed", $"{name.Isolated()} was installed", [$"Was it you who allowed {name.Isolated()}?"], null,
            "You get this mail because an app was installed."));
        var page = await PageOfAsync(mail);

        Assert.Equal($"{name} was installed", mail.Subject);
        Assert.Equal([name, name], page.QuerySelectorAll("bdi").Select(part => part.TextContent));
        Assert.Empty(page.QuerySelectorAll("b, a"));
        Assert.Contains($"Was it you who allowed \u2068{name}\u2069?", mail.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("One\r\nBcc: all@example.com", "One  Bcc: all@example.com")]
    [InlineData("One\u2028two\u0000", "One two")]
    [InlineData(" One ", "One")]
    public async Task A_subject_is_one_line(string subject, string expected)
        => Assert.Equal(expected, (await DrawAsync(GivenMails.Content(subject))).Subject);

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("account")]
    public async Task A_link_leads_nowhere_but_to_this_portal(string path)
        => await Assert.ThrowsAsync<ArgumentException>(
            () => DrawAsync(GivenMails.Content() with { Button = new MailButton("Open", path) }));

    [Fact]
    public async Task Links_begin_with_the_issuer()
    {
        await using var other = new PortalFactory { Settings = { ["OAuth:Issuer"] = "https://portal.example/" } };
        var mail = await other.Services.GetRequiredService<MailTexts>().DrawAsync(GivenMails.Content());

        Assert.Contains("\nhttps://portal.example/account/confirm?id=1&code=secret-code\n", mail.Text, StringComparison.Ordinal);
    }

    private Task<DrawnMail> DrawAsync(MailContent content) => portal.Services.GetRequiredService<MailTexts>().DrawAsync(content);

    private static Task<IDocument> PageOfAsync(DrawnMail mail)
        => BrowsingContext.New(Configuration.Default).OpenAsync(answer => answer.Content(mail.Html), TestContext.Current.CancellationToken);
}
