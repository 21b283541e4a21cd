using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Entities;
using Portal.Data.Entities.Access;

namespace Portal.Data.Configurations.Access;

internal sealed class PolicyRecordEntityTypeConfiguration : IEntityTypeConfiguration<PolicyRecord>
{
    public void Configure(EntityTypeBuilder<PolicyRecord> builder)
    {
        builder.ToTable("policies");
        builder.HasKey(policy => policy.Id);
        builder.Property(policy => policy.Id).ValueGeneratedNever();
        builder.Property(policy => policy.Name).HasMaxLength(64);
        builder.Property(policy => policy.Description).HasMaxLength(512);
        builder.Property(policy => policy.Rules).HasColumnType("jsonb");
        builder.HasIndex(policy => policy.Name).IsUnique();
        builder.HasOne<NodeEnvironment>().WithMany().HasForeignKey(policy => policy.EnvironmentId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<Node>().WithMany().HasForeignKey(policy => policy.NodeId).OnDelete(DeleteBehavior.Cascade);
    }
}
