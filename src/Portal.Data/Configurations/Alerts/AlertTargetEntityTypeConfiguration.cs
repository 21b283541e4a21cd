using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Entities.Alerts;

namespace Portal.Data.Configurations.Alerts;

internal sealed class AlertTargetEntityTypeConfiguration : IEntityTypeConfiguration<AlertTarget>
{
    public void Configure(EntityTypeBuilder<AlertTarget> builder)
    {
        builder.ToTable("alert_targets");
        builder.HasKey(row => row.Id);
        builder.Property(row => row.Id).ValueGeneratedNever();
        builder.Property(row => row.Name).HasMaxLength(128);
        builder.Property(row => row.Kind).HasMaxLength(16);
        builder.Property(row => row.Language).HasMaxLength(16);
        builder.Property(row => row.PortalUrl).HasMaxLength(512);
        builder.HasIndex(row => row.Name).IsUnique();
    }
}
