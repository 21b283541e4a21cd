using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Entities;
using Portal.Data.Entities.Access;
using Portal.Data.Entities.Jobs;

namespace Portal.Data.Configurations.Jobs;

internal sealed class ScheduledJobEntityTypeConfiguration : IEntityTypeConfiguration<ScheduledJob>
{
    public void Configure(EntityTypeBuilder<ScheduledJob> builder)
    {
        builder.ToTable("scheduled_jobs");
        builder.HasKey(row => row.Id);
        builder.Property(row => row.Id).ValueGeneratedNever();
        builder.Property(row => row.Name).HasMaxLength(128);
        builder.Property(row => row.Kind).HasMaxLength(24);
        builder.Property(row => row.Settings).HasColumnType("jsonb");
        builder.Property(row => row.Cron).HasMaxLength(128);
        builder.Property(row => row.TimeZone).HasMaxLength(64);
        builder.Property(row => row.OwnerName).HasMaxLength(256);
        builder.HasOne<NodeEnvironment>().WithMany().HasForeignKey(row => row.EnvironmentId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<Node>().WithMany().HasForeignKey(row => row.NodeId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(row => row.NextAt);
        builder.HasIndex(row => row.EnvironmentId);
        builder.HasIndex(row => row.NodeId);
    }
}
