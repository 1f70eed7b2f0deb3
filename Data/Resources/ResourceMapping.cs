using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Xeno.Portal.Data.Accounts;

namespace Xeno.Portal.Data.Resources;

internal sealed class ResourceMapping :
    IEntityTypeConfiguration<Widget>, IEntityTypeConfiguration<Faq>, IEntityTypeConfiguration<Contact>,
    IEntityTypeConfiguration<Conversation>, IEntityTypeConfiguration<ConversationMessage>
{
    public void Configure(EntityTypeBuilder<Widget> widget)
    {
        BelongsToAnAccount(widget);
        widget.Property(w => w.Name).HasMaxLength(200);
        widget.Property(w => w.WebsiteUrl).HasMaxLength(2048);
        widget.Property(w => w.Greeting).HasMaxLength(500);
    }

    public void Configure(EntityTypeBuilder<Faq> faq)
    {
        BelongsToAnAccount(faq);
        faq.Property(f => f.Question).HasMaxLength(500);
        faq.Property(f => f.Answer).HasMaxLength(10_000);
    }

    public void Configure(EntityTypeBuilder<Contact> contact)
    {
        BelongsToAnAccount(contact);
        contact.Property(c => c.Name).HasMaxLength(200);
        contact.Property(c => c.Email).HasMaxLength(320);
        contact.Property(c => c.Phone).HasMaxLength(50);
    }

    public void Configure(EntityTypeBuilder<Conversation> conversation)
    {
        BelongsToAnAccount(conversation);
        conversation.Property(c => c.Subject).HasMaxLength(300);
        conversation.Property(c => c.Status).HasConversion<string>().HasMaxLength(20);
        conversation.HasOne(c => c.Contact).WithMany().HasForeignKey(c => c.ContactId).OnDelete(DeleteBehavior.SetNull);
        conversation.HasMany(c => c.Messages).WithOne().HasForeignKey(m => m.ConversationId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<ConversationMessage> message)
    {
        message.Property(m => m.Id).ValueGeneratedNever();
        message.Property(m => m.Author).HasConversion<string>().HasMaxLength(20);
        message.Property(m => m.Body).HasMaxLength(10_000);
        message.HasIndex(m => new { m.ConversationId, m.Id });
    }

    private static void BelongsToAnAccount<TResource>(EntityTypeBuilder<TResource> resource) where TResource : class, IOwnedResource
    {
        resource.HasKey(r => r.Id);
        resource.Property(r => r.Id).ValueGeneratedNever();
        resource.HasOne<Account>().WithMany().HasForeignKey(r => r.AccountId).OnDelete(DeleteBehavior.Cascade);

        // Lists are filtered by account and paged by id.
        resource.HasIndex(r => new { r.AccountId, r.Id });
    }
}
