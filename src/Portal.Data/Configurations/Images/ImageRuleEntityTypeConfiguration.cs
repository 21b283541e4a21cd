using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Entities.Images;
using Portal.Data.Entities.Stacks;

namespace Portal.Data.Configurations.Images;

internal sealed class ImageRuleEntityTypeConfiguration : IEntityTypeConfiguration<ImageRule>
{
    public void Configure(EntityTypeBuilder<ImageRule> builder)
    {
        builder.ToTable("image_rules");
        builder.HasKey(rule => new { rule.StackId, rule.Service });
        builder.Property(rule => rule.Service).HasMaxLength(256);
        builder.Property(rule => rule.Rule).HasMaxLength(1024);
        builder.Property(rule => rule.OwnerName).HasMaxLength(256);
        builder.Property(rule => rule.Taken).HasMaxLength(128);
        builder.Property(rule => rule.TakenBy).HasMaxLength(1024);
        builder.HasOne<Stack>().WithMany().HasForeignKey(rule => rule.StackId).OnDelete(DeleteBehavior.Cascade);
    }
}
