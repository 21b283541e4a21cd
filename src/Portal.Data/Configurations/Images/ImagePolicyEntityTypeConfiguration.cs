using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Entities.Images;
using Portal.Data.Entities.Stacks;

namespace Portal.Data.Configurations.Images;

internal sealed class ImagePolicyEntityTypeConfiguration : IEntityTypeConfiguration<ImagePolicy>
{
    public void Configure(EntityTypeBuilder<ImagePolicy> builder)
    {
        builder.ToTable("image_policies");
        builder.HasKey(policy => policy.StackId);
        builder.Property(policy => policy.StackId).ValueGeneratedNever();
        builder.Property(policy => policy.Mode).HasMaxLength(16);
        builder.Property(policy => policy.OwnerName).HasMaxLength(256);
        builder.Property(policy => policy.Tried).HasMaxLength(64);
        builder.Property(policy => policy.TagsProblem).HasMaxLength(1024);
        builder.HasOne<Stack>().WithOne().HasForeignKey<ImagePolicy>(policy => policy.StackId).OnDelete(DeleteBehavior.Cascade);
    }
}
