using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Entities;
using Portal.Data.Entities.Images;

namespace Portal.Data.Configurations.Images;

internal sealed class RegistryUseEntityTypeConfiguration : IEntityTypeConfiguration<RegistryUse>
{
    public void Configure(EntityTypeBuilder<RegistryUse> builder)
    {
        builder.ToTable("registry_uses");
        builder.HasKey(use => new { use.RegistryId, use.NodeId });
        builder.HasOne<Registry>().WithMany().HasForeignKey(use => use.RegistryId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<Node>().WithMany().HasForeignKey(use => use.NodeId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(use => use.NodeId);
    }
}
