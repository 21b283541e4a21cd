using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Entities;

namespace Portal.Data.Configurations;

internal sealed class StatsRollupEntityTypeConfiguration : IEntityTypeConfiguration<StatsRollup>
{
    public void Configure(EntityTypeBuilder<StatsRollup> builder)
    {
        builder.ToTable("stats_rollups");
        builder.HasKey(rollup => rollup.Step);
        builder.Property(rollup => rollup.Step).ValueGeneratedNever();
    }
}
