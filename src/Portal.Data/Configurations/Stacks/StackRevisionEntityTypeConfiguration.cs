using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Entities.Stacks;

namespace Portal.Data.Configurations.Stacks;

internal sealed class StackRevisionEntityTypeConfiguration : IEntityTypeConfiguration<StackRevision>
{
    public void Configure(EntityTypeBuilder<StackRevision> builder)
    {
        builder.ToTable("stack_revisions");
        builder.HasKey(revision => new { revision.StackId, revision.Number });
        builder.Property(revision => revision.AuthorName).HasMaxLength(256);
        builder.Property(revision => revision.Message).HasMaxLength(512);
        builder.Property(revision => revision.Commit).HasMaxLength(64);
        builder.Property(revision => revision.Images).HasColumnType("jsonb");
        builder.HasOne<Stack>().WithMany().HasForeignKey(revision => revision.StackId).OnDelete(DeleteBehavior.Cascade);
    }
}
