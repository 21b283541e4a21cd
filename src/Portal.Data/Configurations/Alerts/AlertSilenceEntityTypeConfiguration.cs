using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Entities;
using Portal.Data.Entities.Alerts;

namespace Portal.Data.Configurations.Alerts;

internal sealed class AlertSilenceEntityTypeConfiguration : IEntityTypeConfiguration<AlertSilence>
{
    public void Configure(EntityTypeBuilder<AlertSilence> builder)
    {
        builder.ToTable("alert_silences");
        builder.HasKey(row => row.Id);
        builder.Property(row => row.Id).ValueGeneratedNever();
        builder.Property(row => row.Reason).HasMaxLength(256);
        builder.Property(row => row.NamePattern).HasMaxLength(256);
        builder.Property(row => row.CreatedBy).HasMaxLength(256);
        builder.HasOne<AlertRule>().WithMany().HasForeignKey(row => row.RuleId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<Node>().WithMany().HasForeignKey(row => row.NodeId).OnDelete(DeleteBehavior.Cascade);
    }
}
