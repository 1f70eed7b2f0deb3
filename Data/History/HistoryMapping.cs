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

        // For the two lists that have one reader, newest first: of an account, and of an app. Each index makes every exchange slower, so
        // there is no third one: operators read by the primary key, and old rows have the lowest ids.
        entry.HasIndex(e => new { e.AccountId, e.Id });
        entry.HasIndex(e => new { e.ClientId, e.Id });

        // Null in nearly all rows; used when an account is deleted.
        entry.HasIndex(e => e.ActorId).HasFilter("\"ActorId\" IS NOT NULL");
    }
}
