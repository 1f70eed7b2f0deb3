using Xeno.Portal.Data;
using Xeno.Portal.Data.Mail;
using Xeno.Portal.Data.OAuth;
using Xeno.Portal.Text;

namespace Xeno.Portal.Mail;

/// <summary>
/// Queues mails. The mail is a row of the caller's own transaction: when the act is rolled back, nothing is sent; when it is kept, the mail
/// is sent at once, or later if the mail server is away.
/// </summary>
public sealed class Mailer
{
    private readonly MailTexts _texts;
    private readonly QueuedMails _queued;
    private readonly TimeProvider _time;

    internal Mailer(MailTexts texts, QueuedMails queued, TimeProvider time) => (_texts, _queued, _time) = (texts, queued, time);

    /// <summary>
    /// Adds a mail to <paramref name="database"/>; the caller's next <c>SaveChanges</c> stores it. The link is made absolute now, so a mail
    /// is best queued in the request that causes it.
    /// </summary>
    /// <param name="database">The context that saves the act.</param>
    /// <param name="recipient">An address as accounts keep it (<see cref="EmailAddress.Read"/>).</param>
    /// <param name="mailClass">What it is for; the limit counts each class by itself.</param>
    /// <param name="content">What it says.</param>
    /// <exception cref="ArgumentException">The link is not a path of this portal.</exception>
    public async Task QueueAsync(PortalDbContext database, string recipient, MailClass mailClass, MailContent content)
    {
        var drawn = await _texts.DrawAsync(content);
        var now = _time.GetUtcNow();
        database.OutgoingMails.Add(new OutgoingMail
        {
            Class = mailClass,
            Recipient = recipient,
            RecipientHash = TokenHash.Of(EmailAddress.KeyOf(recipient)),
            Subject = drawn.Subject,
            Text = drawn.Text,
            Html = drawn.Html,
            QueuedAt = now,
            NextTryAt = now,
        });
        _queued.Expect(database);
    }
}
