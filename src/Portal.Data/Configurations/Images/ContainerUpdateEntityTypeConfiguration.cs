using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Entities.Images;

namespace Portal.Data.Configurations.Images;

internal sealed class ContainerUpdateEntityTypeConfiguration : IEntityTypeConfiguration<ContainerUpdate>
{
    public void Configure(EntityTypeBuilder<ContainerUpdate> builder)
    {
        builder.ToTable("container_updates");
        builder.HasKey(update => update.Id);
        builder.Property(update => update.NodeName).HasMaxLength(256);
        builder.Property(update => update.ContainerId).HasMaxLength(128);
        builder.Property(update => update.Name).HasMaxLength(256);
        builder.Property(update => update.Image).HasMaxLength(1024);
        builder.Property(update => update.ActorName).HasMaxLength(256);
        builder.Property(update => update.Address).HasMaxLength(64);
        builder.Property(update => update.State).HasMaxLength(16);
        builder.Property(update => update.Phase).HasMaxLength(16);
        builder.Property(update => update.SuccessorId).HasMaxLength(128);
        builder.Property(update => update.Message).HasMaxLength(1024);
        builder.HasIndex(update => new { update.NodeId, update.ContainerId }).IsUnique().HasFilter("finished_at is null");
        builder.HasIndex(update => update.CreatedAt);
    }
}
