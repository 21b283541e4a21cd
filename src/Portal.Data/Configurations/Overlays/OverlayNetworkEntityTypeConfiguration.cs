using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Entities.Access;
using Portal.Data.Entities.Overlays;
using Portal.Data.Entities.Stacks;

namespace Portal.Data.Configurations.Overlays;

internal sealed class OverlayNetworkEntityTypeConfiguration : IEntityTypeConfiguration<OverlayNetwork>
{
    public void Configure(EntityTypeBuilder<OverlayNetwork> builder)
    {
        builder.ToTable("overlay_networks");
        builder.HasKey(row => row.Id);
        builder.Property(row => row.Id).ValueGeneratedNever();
        builder.Property(row => row.Name).HasMaxLength(128);
        builder.Property(row => row.Subnet).HasMaxLength(18);
        builder.Property(row => row.Ports).HasMaxLength(8192);
        builder.Property(row => row.AuthorName).HasMaxLength(256);
        builder.HasOne<NodeEnvironment>().WithMany().HasForeignKey(row => row.EnvironmentId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Stack>().WithMany().HasForeignKey(row => row.StackId).OnDelete(DeleteBehavior.SetNull);
        builder.HasIndex(row => row.Name).IsUnique().HasFilter("environment_id IS NULL");
        builder.HasIndex(row => new { row.EnvironmentId, row.Name }).IsUnique();
        builder.HasIndex(row => row.Vni).IsUnique();
    }
}
