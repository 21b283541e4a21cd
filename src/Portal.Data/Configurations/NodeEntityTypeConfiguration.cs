using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Entities;
using Portal.Data.Entities.Access;

namespace Portal.Data.Configurations;

internal sealed class NodeEntityTypeConfiguration : IEntityTypeConfiguration<Node>
{
    public void Configure(EntityTypeBuilder<Node> builder)
    {
        builder.ToTable("nodes");
        builder.HasKey(node => node.Id);
        builder.Property(node => node.Id).ValueGeneratedNever();
        builder.Property(node => node.Name).HasMaxLength(128);
        builder.Property(node => node.Hostname).HasMaxLength(128);
        builder.Property(node => node.AgentVersion).HasMaxLength(64);
        builder.Property(node => node.Duty).HasMaxLength(16);
        builder.Property(node => node.DutyNote).HasMaxLength(256);
        builder.Property(node => node.Labels).HasColumnType("jsonb");
        builder.HasOne<NodeEnvironment>().WithMany().HasForeignKey(node => node.EnvironmentId).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(node => node.Name).IsUnique();
    }
}
