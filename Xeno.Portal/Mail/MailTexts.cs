using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Xeno.Portal.Mail.Components;
using Xeno.Portal.Text;

namespace Xeno.Portal.Mail;

/// <summary>Draws a <see cref="MailContent"/> as a subject, an HTML document and a plain text.</summary>
internal sealed class MailTexts(IServiceScopeFactory scopes, ILoggerFactory loggers, MailLinks links)
{
    private const int LongestSubject = 300;

    public async Task<DrawnMail> DrawAsync(MailContent content)
    {
        var subject = SubjectOf(content.Subject);
        var link = content.Button is { } button ? links.Absolute(button.Path) : null;
        return new DrawnMail(subject, PlainText(content, link), await HtmlAsync(content, subject, link));
    }

    // Not a component: it would write & as &amp;.
    private static string PlainText(MailContent content, string? link)
    {
        var text = new StringBuilder();
        text.Append(content.Heading).Append("\n\n");
        foreach (var paragraph in content.Paragraphs)
            text.Append(paragraph).Append("\n\n");
        if (content.Button is { } button)
            text.Append(button.Text).Append(":\n").Append(link).Append("\n\n");
        return text.Append("-- \n").Append(content.Footer).Append('\n').ToString();
    }

    private async Task<string> HtmlAsync(MailContent content, string subject, string? link)
    {
        await using var scope = scopes.CreateAsyncScope();
        await using var renderer = new HtmlRenderer(scope.ServiceProvider, loggers);
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var drawn = await renderer.RenderComponentAsync<MailLayout>(ParameterView.FromDictionary(new Dictionary<string, object?>
            {
                [nameof(MailLayout.Subject)] = subject,
                [nameof(MailLayout.Content)] = content,
                [nameof(MailLayout.Link)] = link,
            }));
            return drawn.ToHtmlString();
        });
    }

    // Part of a header: a line break in it would begin the next one (RFC 5322 §2.2).
    private static string SubjectOf(string text)
    {
        var plain = string.Concat(Isolation.PartsOf(text).Select(part => part.Text));
        var line = string.Concat(plain.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c)).Trim();
        return line.Length > LongestSubject ? line[..LongestSubject] : line;
    }
}

/// <summary>A mail as it is sent.</summary>
internal sealed record DrawnMail(string Subject, string Text, string Html);
