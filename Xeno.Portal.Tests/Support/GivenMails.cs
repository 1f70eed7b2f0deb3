using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xeno.Portal.Data;
using Xeno.Portal.Data.Mail;
using Xeno.Portal.Mail;

namespace Xeno.Portal.Tests.Support;

/// <summary>Mails for tests, queued as a feature queues them.</summary>
internal static class GivenMails
{
    /// <summary>A mail with everything that a mail can have.</summary>
    public static MailContent Content(string subject = "Confirm your e-mail address") => new(
        subject, "Confirm your e-mail address", ["Somebody registered with this address.", "The link works once, for an hour."],
        new MailButton("Confirm e-mail", "/account/confirm?id=1&code=secret-code"), "You get this mail because of your registration.");

    /// <summary>Queues a mail, and saves it.</summary>
    public static Task QueueMailAsync(
        this PortalFactory portal, string recipient, MailClass mailClass = MailClass.Requested, MailContent? content = null)
        => portal.InScopeAsync(async services =>
        {
            var database = services.GetRequiredService<PortalDbContext>();
            await services.GetRequiredService<Mailer>().QueueAsync(database, recipient, mailClass, content ?? Content());
            await database.SaveChangesAsync();
        });

    /// <summary>
    /// Has the mails sent that are due, and waits for it. The background service may send them first; then this finds them sent.
    /// </summary>
    public static Task SendMailsAsync(this PortalFactory portal)
        => portal.Services.GetRequiredService<MailSender>().SendDueAsync(TestContext.Current.CancellationToken);

    /// <summary>The rows of the mails that were queued, in their order.</summary>
    public static Task<List<OutgoingMail>> MailRowsAsync(this PortalFactory portal)
        => portal.AskDatabaseAsync(database => database.OutgoingMails.AsNoTracking().OrderBy(mail => mail.Id).ToListAsync());

    /// <summary>The mails in the folder of the portal, newest first.</summary>
    public static Task<IReadOnlyList<FiledMail>> FiledMailsAsync(this PortalFactory portal)
        => portal.Services.GetRequiredService<MailFolder>().ListAsync(1000, TestContext.Current.CancellationToken);
}
