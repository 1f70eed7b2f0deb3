using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Xeno.Portal.Data.Mail;

internal sealed class MailMapping : IEntityTypeConfiguration<OutgoingMail>
{
    public void Configure(EntityTypeBuilder<OutgoingMail> mail)
    {
        mail.ToTable("OutgoingMails");
        mail.Property(m => m.Id).HasMaxLength(32);
        mail.Property(m => m.Class).HasConversion<string>().HasMaxLength(20);
        mail.Property(m => m.Recipient).HasMaxLength(254);
        mail.Property(m => m.RecipientHash).HasMaxLength(44);
        mail.Property(m => m.Subject).HasMaxLength(300);
        mail.Property(m => m.LastError).HasMaxLength(200);

        // For the next mail to send, for the count of one address, and for pruning.
        mail.HasIndex(m => m.NextTryAt).HasFilter("\"NextTryAt\" IS NOT NULL");
        mail.HasIndex(m => new { m.RecipientHash, m.Class, m.QueuedAt });
        mail.HasIndex(m => m.RemoveAt).HasFilter("\"RemoveAt\" IS NOT NULL");
    }
}
