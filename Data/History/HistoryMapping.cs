using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Xeno.Portal.Data.History;

internal sealed class HistoryMapping : IEntityTypeConfiguration<HistoryEntry>
{
    public void Configure(EntityTypeBuilder<HistoryEntry> entry)
    {
        entry.ToTable("History");
        entry.Property(e => e.Kind).HasMaxLength(40);
        entry.Property(e => e.AccountId).HasMaxLength(50);
        entry.Property(e => e.ClientId).HasMaxLength(100);
        entry.Property(e => e.AppName).HasMaxLength(100);
        entry.Property(e => e.Actor).HasConversion<string>().HasMaxLength(10);
        entry.Property(e => e.ActorId).HasMaxLength(50);
        entry.Property(e => e.SessionId).HasMaxLength(50);
        entry.Property(e => e.Device).HasMaxLength(100);
        entry.Property(e => e.TokenId).HasMaxLength(50);
        entry.Property(e => e.Scopes).HasMaxLength(200);
        entry.Property(e => e.Reason).HasMaxLength(300);

        // The two lists that are read by one owner, newest first. Each index makes every exchange dearer, so there is no third: operators
        // read by the primary key, and old rows are the lowest ids.
        entry.HasIndex(e => new { e.AccountId, e.Id });
        entry.HasIndex(e => new { e.ClientId, e.Id });

        // Empty for nearly all rows; asked when an account is deleted.
        entry.HasIndex(e => e.ActorId).HasFilter("\"ActorId\" IS NOT NULL");
    }
}
