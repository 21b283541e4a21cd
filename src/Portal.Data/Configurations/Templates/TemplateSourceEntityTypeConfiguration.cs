using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Entities.Templates;

namespace Portal.Data.Configurations.Templates;

internal sealed class TemplateSourceEntityTypeConfiguration : IEntityTypeConfiguration<TemplateSource>
{
    public void Configure(EntityTypeBuilder<TemplateSource> builder)
    {
        builder.ToTable("template_sources");
        builder.HasKey(row => row.Id);
        builder.Property(row => row.Id).ValueGeneratedNever();
        builder.Property(row => row.Name).HasMaxLength(128);
        builder.Property(row => row.Kind).HasMaxLength(16);
        builder.Property(row => row.Address).HasMaxLength(2048);
        builder.Property(row => row.Branch).HasMaxLength(255);
        builder.Property(row => row.Folder).HasMaxLength(512);
        builder.Property(row => row.UserName).HasMaxLength(256);
        builder.Property(row => row.Templates).HasColumnType("jsonb");
        builder.Property(row => row.Notes).HasColumnType("jsonb");
        builder.Property(row => row.Error).HasMaxLength(2048);
        builder.HasIndex(row => row.Name).IsUnique();
    }
}
