using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Xeno.Portal.Data.OAuth;

internal sealed class OAuthMapping :
    IEntityTypeConfiguration<AuthorizationGrant>, IEntityTypeConfiguration<IssuedToken>, IEntityTypeConfiguration<ScopeRecord>
{
    private static readonly string[] s_engineIndex = ["ApplicationId", "Status", "Subject", "Type"];

    public void Configure(EntityTypeBuilder<AuthorizationGrant> grant)
    {
        grant.ToTable("Grants");
        grant.Property(g => g.Subject).IsRequired();
        grant.HasOne(g => g.Account).WithMany().HasForeignKey(g => g.Subject).OnDelete(DeleteBehavior.Cascade);
        grant.HasOne(g => g.Application).WithMany(a => a.Authorizations).HasForeignKey(g => g.ApplicationId)
            .OnDelete(DeleteBehavior.Cascade);
        RemoveEngineIndex(grant);
        grant.HasIndex(g => new { g.Subject, g.ApplicationId });
        grant.HasIndex(g => g.CreationDate, "Ended").HasFilter("\"Status\" = 'revoked'"); // For pruning; usually empty.
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

        // Each index makes each exchange slower, so there are two: "what is installed on this account, with which scopes?" and "on how many
        // accounts is this app installed?". They also serve the foreign keys.
        RemoveEngineIndex(token);
        token.HasIndex(t => new { t.Subject, t.Type, t.Status, t.ApplicationId, t.Generation, t.Scopes });
        token.HasIndex(t => new { t.ApplicationId, t.Type, t.Status, t.Generation, t.Subject });

        // Codes, for pruning. Access tokens do not expire.
        token.HasIndex(t => new { t.Status, t.ExpirationDate }, "Codes").HasFilter("\"ExpirationDate\" IS NOT NULL");
    }

    /// <summary>Removes an index of the engine that serves only queries which the portal does not use.</summary>
    private static void RemoveEngineIndex<T>(EntityTypeBuilder<T> entity) where T : class
    {
        foreach (var index in entity.Metadata.GetIndexes().ToList())
            if (index.Properties.Select(property => property.Name).SequenceEqual(s_engineIndex))
                entity.Metadata.RemoveIndex(index);
    }

    public void Configure(EntityTypeBuilder<ScopeRecord> scope) => scope.ToTable("ScopeRecords");
}
