using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Entities.Alerts;

namespace Portal.Data.Configurations.Alerts;

internal sealed class AlertDeliveryEntityTypeConfiguration : IEntityTypeConfiguration<AlertDelivery>
{
    public void Configure(EntityTypeBuilder<AlertDelivery> builder)
    {
        builder.ToTable("alert_deliveries");
        builder.HasKey(row => row.Id);
        builder.Property(row => row.Message).HasColumnType("jsonb");
        builder.Property(row => row.Error).HasMaxLength(1024);
        builder.HasOne<AlertTarget>().WithMany().HasForeignKey(row => row.TargetId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(row => row.DueAt);
    }
}
