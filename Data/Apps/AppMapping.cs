using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Xeno.Portal.Data.Apps;

internal sealed class AppMapping : IEntityTypeConfiguration<RegisteredApp>, IEntityTypeConfiguration<AppLogo>
{
    public void Configure(EntityTypeBuilder<RegisteredApp> app)
    {
        app.ToTable("Apps");
        app.Property(a => a.OwnerId).IsRequired();
        app.Property(a => a.DisplayName).HasMaxLength(80);
        app.Property(a => a.HomepageUrl).HasMaxLength(2048);
        app.Property(a => a.Description).HasMaxLength(500);
        app.Property(a => a.PreviousSecretHash).HasMaxLength(100);
        app.Ignore(a => a.IsReadInPart);

        app.HasOne(a => a.Owner).WithMany().HasForeignKey(a => a.OwnerId).OnDelete(DeleteBehavior.Cascade);
        app.HasOne(a => a.Logo).WithOne().HasForeignKey<AppLogo>(l => l.AppId).OnDelete(DeleteBehavior.Cascade);

        // /apps lists one developer's apps, newest first.
        app.HasIndex(a => new { a.OwnerId, a.CreatedAt });

        // Apps whose tokens were ended by a mark, and whose token rows are not all updated yet: nearly always none.
        app.HasIndex(a => a.EndingSince).HasFilter("\"EndingSince\" IS NOT NULL");
    }

    public void Configure(EntityTypeBuilder<AppLogo> logo)
    {
        logo.ToTable("AppLogos");
        logo.HasKey(l => l.AppId);
        logo.Property(l => l.ContentType).HasMaxLength(50);
    }
}
