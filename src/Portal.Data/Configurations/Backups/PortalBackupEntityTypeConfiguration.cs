using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Entities.Backups;

namespace Portal.Data.Configurations.Backups;

internal sealed class PortalBackupEntityTypeConfiguration : IEntityTypeConfiguration<PortalBackup>
{
    public void Configure(EntityTypeBuilder<PortalBackup> builder)
    {
        builder.ToTable("portal_backups");
        builder.HasKey(row => row.Id);
        builder.Property(row => row.Id).ValueGeneratedNever();
        builder.Property(row => row.Name).HasMaxLength(256);
        builder.Property(row => row.ActorName).HasMaxLength(512);
        builder.Property(row => row.Host).HasMaxLength(256);
        builder.Property(row => row.State).HasMaxLength(16);
        builder.Property(row => row.Message).HasMaxLength(2048);
        builder.Property(row => row.Digest).HasMaxLength(64);
        builder.Property(row => row.CheckState).HasMaxLength(16);
        builder.Property(row => row.CheckMessage).HasMaxLength(2048);
        builder.HasOne<BackupDestination>().WithMany().HasForeignKey(row => row.DestinationId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(row => new { row.DestinationId, row.CreatedAt });
        builder.HasIndex(row => row.DestinationId, "ux_portal_backups_unfinished").IsUnique().HasFilter("finished_at IS NULL");
    }
}
