using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Entities;

namespace Portal.Data.Configurations;

internal sealed class RegistryEntityTypeConfiguration : IEntityTypeConfiguration<Registry>
{
    public void Configure(EntityTypeBuilder<Registry> builder)
    {
        builder.ToTable("registries");
        builder.HasKey(registry => registry.Id);
        builder.Property(registry => registry.Id).ValueGeneratedNever();
        builder.Property(registry => registry.Host).HasMaxLength(261);
        builder.Property(registry => registry.UserName).HasMaxLength(256);
        builder.HasIndex(registry => registry.Host).IsUnique();
    }
}
