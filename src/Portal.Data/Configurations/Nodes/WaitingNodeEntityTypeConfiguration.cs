using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Entities.Access;
using Portal.Data.Entities.Nodes;

namespace Portal.Data.Configurations.Nodes;

internal sealed class WaitingNodeEntityTypeConfiguration : IEntityTypeConfiguration<WaitingNode>
{
    public void Configure(EntityTypeBuilder<WaitingNode> builder)
    {
        builder.ToTable("waiting_nodes");
        builder.HasKey(node => node.Id);
        builder.Property(node => node.Id).ValueGeneratedNever();
        builder.Property(node => node.Hostname).HasMaxLength(128);
        builder.Property(node => node.AgentVersion).HasMaxLength(64);
        builder.Property(node => node.Host).HasColumnType("jsonb");
        builder.Property(node => node.Address).HasMaxLength(64);
        builder.Property(node => node.Note).HasMaxLength(256);
        builder.Property(node => node.Labels).HasColumnType("jsonb");
        builder.HasOne<NodeEnvironment>().WithMany().HasForeignKey(node => node.EnvironmentId).OnDelete(DeleteBehavior.Cascade);
    }
}
