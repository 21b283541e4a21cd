using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Entities.Backups;

namespace Portal.Data.Configurations.Backups;

internal sealed class BackupDestinationEntityTypeConfiguration : IEntityTypeConfiguration<BackupDestination>
{
    public void Configure(EntityTypeBuilder<BackupDestination> builder)
    {
        builder.ToTable("backup_destinations");
        builder.HasKey(row => row.Id);
        builder.Property(row => row.Id).ValueGeneratedNever();
        builder.Property(row => row.Name).HasMaxLength(128);
        builder.Property(row => row.Kind).HasMaxLength(16);
        builder.Property(row => row.Settings).HasColumnType("jsonb");
        builder.HasIndex(row => row.Name).IsUnique();
    }
}
