using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Xeno.Portal.Data.Guesses;

internal sealed class GuessMapping : IEntityTypeConfiguration<GuessCount>
{
    public void Configure(EntityTypeBuilder<GuessCount> guess)
    {
        guess.ToTable("GuessCounts");
        guess.HasKey(g => g.Key);
        guess.Property(g => g.Key).HasMaxLength(200);

        // For the removal of rows whose time is over.
        guess.HasIndex(g => g.EndsAt);
    }
}
