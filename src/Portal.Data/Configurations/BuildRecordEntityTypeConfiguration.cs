using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Entities;

namespace Portal.Data.Configurations;

internal sealed class BuildRecordEntityTypeConfiguration : IEntityTypeConfiguration<BuildRecord>
{
    public void Configure(EntityTypeBuilder<BuildRecord> builder)
    {
        builder.ToTable("builds");
        builder.HasKey(record => record.Id);
        builder.Property(record => record.OwnerName).HasMaxLength(256);
        builder.Property(record => record.NodeName).HasMaxLength(256);
        builder.Property(record => record.Title).HasMaxLength(512);
        builder.Property(record => record.Source).HasMaxLength(1024);
        builder.Property(record => record.Target).HasMaxLength(256);
        builder.Property(record => record.State).HasMaxLength(16);
        builder.Property(record => record.Error).HasMaxLength(4096);
        builder.Property(record => record.Detail).HasColumnType("jsonb");
        builder.HasIndex(record => record.StartedAt);
        builder.HasIndex(record => new { record.OwnerId, record.StartedAt });
    }
}
