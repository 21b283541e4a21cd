using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Entities.Nodes;

namespace Portal.Data.Configurations.Nodes;

internal sealed class PortalInstanceEntityTypeConfiguration : IEntityTypeConfiguration<PortalInstance>
{
    public void Configure(EntityTypeBuilder<PortalInstance> builder)
    {
        builder.ToTable("portals");
        builder.HasKey(portal => portal.Id);
        builder.Property(portal => portal.Id).ValueGeneratedNever();
        builder.Property(portal => portal.Name).HasMaxLength(128);
        builder.Property(portal => portal.Address).HasMaxLength(256);
        builder.Property(portal => portal.Version).HasMaxLength(64);
    }
}
