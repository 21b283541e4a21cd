using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Entities.Access;

namespace Portal.Data.Configurations.Access;

internal sealed class CustomRoleEntityTypeConfiguration : IEntityTypeConfiguration<CustomRole>
{
    public void Configure(EntityTypeBuilder<CustomRole> builder)
    {
        builder.ToTable("roles");
        builder.HasKey(role => role.Id);
        builder.Property(role => role.Id).ValueGeneratedNever();
        builder.Property(role => role.Name).HasMaxLength(64);
        builder.Property(role => role.Description).HasMaxLength(512);
        builder.HasIndex(role => role.Name).IsUnique();
    }
}
