using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Xeno.Portal.Data.OAuth;

internal sealed class OAuthMapping :
    IEntityTypeConfiguration<AuthorizationGrant>, IEntityTypeConfiguration<IssuedToken>, IEntityTypeConfiguration<ScopeRecord>
{
    public void Configure(EntityTypeBuilder<AuthorizationGrant> grant)
    {
        grant.ToTable("Grants");
        grant.Property(g => g.Subject).IsRequired();
        grant.HasOne(g => g.Account).WithMany().HasForeignKey(g => g.Subject).OnDelete(DeleteBehavior.Cascade);
        grant.HasOne(g => g.Application).WithMany(a => a.Authorizations).HasForeignKey(g => g.ApplicationId)
            .OnDelete(DeleteBehavior.Cascade);
        grant.HasMany(g => g.Tokens).WithOne(t => t.Authorization).HasForeignKey(t => t.AuthorizationId)
            .OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<IssuedToken> token)
    {
        token.ToTable("Tokens");
        token.Property(t => t.Subject).IsRequired();
        token.Property(t => t.Scopes).HasMaxLength(200);
        token.HasOne(t => t.Account).WithMany().HasForeignKey(t => t.Subject).OnDelete(DeleteBehavior.Cascade);
        token.HasOne(t => t.Application).WithMany(a => a.Tokens).HasForeignKey(t => t.ApplicationId)
            .OnDelete(DeleteBehavior.Cascade);

        // "What is installed on this account?" asks for exactly this.
        token.HasIndex(t => new { t.Subject, t.Type, t.Status });
    }

    public void Configure(EntityTypeBuilder<ScopeRecord> scope) => scope.ToTable("ScopeRecords");
}
