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

        // Rows whose time is over are looked for by it.
        guess.HasIndex(g => g.EndsAt);
    }
}
