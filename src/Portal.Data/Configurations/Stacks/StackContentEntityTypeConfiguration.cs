using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Entities.Stacks;

namespace Portal.Data.Configurations.Stacks;

internal sealed class StackContentEntityTypeConfiguration : IEntityTypeConfiguration<StackContent>
{
    public void Configure(EntityTypeBuilder<StackContent> builder)
    {
        builder.ToTable("stack_contents");
        builder.HasKey(content => new { content.StackId, content.Digest });
        builder.HasOne<Stack>().WithMany().HasForeignKey(content => content.StackId).OnDelete(DeleteBehavior.Cascade);
    }
}
