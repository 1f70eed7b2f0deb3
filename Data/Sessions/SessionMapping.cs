using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Xeno.Portal.Data.Accounts;

namespace Xeno.Portal.Data.Sessions;

internal sealed class SessionMapping : IEntityTypeConfiguration<AccountSession>, IEntityTypeConfiguration<KnownDevice>
{
    public void Configure(EntityTypeBuilder<AccountSession> session)
    {
        session.ToTable("Sessions");
        session.Property(s => s.Id).HasMaxLength(32);
        session.Property(s => s.KeyHash).HasMaxLength(44);
        session.Property(s => s.Device).HasMaxLength(100);
        session.Property(s => s.ReplacedId).HasMaxLength(32);
        session.HasIndex(s => s.KeyHash).IsUnique();
        session.HasIndex(s => s.EndsAt); // For pruning.
        session.HasOne<Account>().WithMany().HasForeignKey(s => s.AccountId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<KnownDevice> device)
    {
        device.ToTable("KnownDevices");
        device.HasKey(d => new { d.KeyHash, d.AccountId });
        device.Property(d => d.KeyHash).HasMaxLength(44);
        device.HasIndex(d => d.SignedInAt); // For pruning.
        device.HasOne<Account>().WithMany().HasForeignKey(d => d.AccountId).OnDelete(DeleteBehavior.Cascade);
    }
}
