using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Entities.Images;

namespace Portal.Data.Configurations.Images;

internal sealed class ImageCheckEntityTypeConfiguration : IEntityTypeConfiguration<ImageCheck>
{
    public void Configure(EntityTypeBuilder<ImageCheck> builder)
    {
        builder.ToTable("image_checks");
        builder.HasKey(check => check.Image);
        builder.Property(check => check.Image).HasMaxLength(700);
        builder.Property(check => check.Registry).HasMaxLength(261);
        builder.Property(check => check.Digest).HasMaxLength(71);
        builder.Property(check => check.Error).HasMaxLength(1024);
        builder.HasIndex(check => check.NextAt);
    }
}
