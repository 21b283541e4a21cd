using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Entities;

namespace Portal.Data.Configurations;

internal sealed class GrantEntityTypeConfiguration : IEntityTypeConfiguration<Grant>
{
    public void Configure(EntityTypeBuilder<Grant> builder)
    {
        builder.ToTable("grants");
        builder.HasKey(grant => grant.Id);
        builder.Property(grant => grant.Id).ValueGeneratedNever();
        builder.Property(grant => grant.Role).HasMaxLength(64);
        builder.HasOne<PortalUser>().WithMany().HasForeignKey(grant => grant.UserId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<Node>().WithMany().HasForeignKey(grant => grant.NodeId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(grant => grant.NodeId);
        builder.HasIndex(grant => new { grant.UserId, grant.Role })
            .IsUnique().HasFilter("node_id is null").HasDatabaseName("ux_grants_everything");
        builder.HasIndex(grant => new { grant.UserId, grant.Role, grant.NodeId })
            .IsUnique().HasFilter("node_id is not null").HasDatabaseName("ux_grants_node");
    }
}
