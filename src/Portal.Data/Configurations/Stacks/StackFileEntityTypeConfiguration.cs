using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Entities.Stacks;

namespace Portal.Data.Configurations.Stacks;

internal sealed class StackFileEntityTypeConfiguration : IEntityTypeConfiguration<StackFile>
{
    public void Configure(EntityTypeBuilder<StackFile> builder)
    {
        builder.ToTable("stack_files");
        builder.HasKey(file => new { file.StackId, file.Revision, file.Path });
        builder.Property(file => file.Path).HasMaxLength(512);
        builder.HasOne<StackRevision>().WithMany().HasForeignKey(file => new { file.StackId, file.Revision })
            .OnDelete(DeleteBehavior.Cascade);
    }
}
