using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Entities;
using Portal.Data.Entities.Overlays;

namespace Portal.Data.Configurations.Overlays;

internal sealed class OverlayMemberEntityTypeConfiguration : IEntityTypeConfiguration<OverlayMember>
{
    public void Configure(EntityTypeBuilder<OverlayMember> builder)
    {
        builder.ToTable("overlay_members");
        builder.HasKey(row => new { row.NetworkId, row.NodeId });
        builder.Property(row => row.NodeAddress).HasMaxLength(15);
        builder.Property(row => row.Endpoints).HasColumnType("jsonb");
        builder.Property(row => row.Problem).HasMaxLength(1024);
        builder.Property(row => row.IngressProblem).HasMaxLength(1024);
        builder.HasOne<OverlayNetwork>().WithMany().HasForeignKey(row => row.NetworkId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<Node>().WithMany().HasForeignKey(row => row.NodeId).OnDelete(DeleteBehavior.Cascade);

        // No two nodes give the same addresses, whatever portals believe.
        builder.HasIndex(row => new { row.NetworkId, row.Block }).IsUnique();
    }
}
