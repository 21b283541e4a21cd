using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Entities.Stacks;

namespace Portal.Data.Configurations.Stacks;

internal sealed class StackSourceEntityTypeConfiguration : IEntityTypeConfiguration<StackSource>
{
    public void Configure(EntityTypeBuilder<StackSource> builder)
    {
        builder.ToTable("stack_sources");
        builder.HasKey(source => source.StackId);
        builder.Property(source => source.StackId).ValueGeneratedNever();
        builder.Property(source => source.Address).HasMaxLength(2048);
        builder.Property(source => source.ReferenceKind).HasMaxLength(16);
        builder.Property(source => source.Reference).HasMaxLength(255);
        builder.Property(source => source.UserName).HasMaxLength(256);
        builder.Property(source => source.OwnerName).HasMaxLength(256);
        builder.Property(source => source.Error).HasMaxLength(2048);
        builder.Property(source => source.Commit).HasMaxLength(64);
        builder.Property(source => source.CommitAuthor).HasMaxLength(256);
        builder.Property(source => source.CommitSubject).HasMaxLength(512);
        builder.HasIndex(source => source.NextAt);
        builder.HasOne<Stack>().WithOne().HasForeignKey<StackSource>(source => source.StackId).OnDelete(DeleteBehavior.Cascade);
    }
}
