using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Entities;
using Portal.Data.Entities.Deployments;
using Portal.Data.Entities.Stacks;

namespace Portal.Data.Configurations.Deployments;

internal sealed class MissedMoveEntityTypeConfiguration : IEntityTypeConfiguration<MissedMove>
{
    public void Configure(EntityTypeBuilder<MissedMove> builder)
    {
        builder.ToTable("missed_moves");
        builder.HasKey(row => new { row.StackId, row.NodeId });
        builder.Property(row => row.Operation).HasMaxLength(16);
        builder.HasOne<Stack>().WithMany().HasForeignKey(row => row.StackId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<Node>().WithMany().HasForeignKey(row => row.NodeId).OnDelete(DeleteBehavior.Cascade);
    }
}
