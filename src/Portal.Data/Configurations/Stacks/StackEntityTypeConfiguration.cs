using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Entities.Access;
using Portal.Data.Entities.Stacks;

namespace Portal.Data.Configurations.Stacks;

internal sealed class StackEntityTypeConfiguration : IEntityTypeConfiguration<Stack>
{
    public void Configure(EntityTypeBuilder<Stack> builder)
    {
        builder.ToTable("stacks");
        builder.HasKey(stack => stack.Id);
        builder.Property(stack => stack.Name).HasMaxLength(63);
        builder.Property(stack => stack.NodeName).HasMaxLength(256);
        builder.Property(stack => stack.Intent).HasMaxLength(16);
        builder.Property(stack => stack.Scales).HasColumnType("jsonb");
        builder.Property(stack => stack.Adopted).HasColumnType("jsonb");
        builder.Property(stack => stack.Placement).HasColumnType("jsonb");
        builder.HasOne<NodeEnvironment>().WithMany().HasForeignKey(stack => stack.EnvironmentId).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(stack => new { stack.NodeId, stack.Name }).IsUnique().HasFilter("environment_id IS NULL");
        builder.HasIndex(stack => new { stack.EnvironmentId, stack.Name }).IsUnique();
    }
}
