using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Entities.Alerts;

namespace Portal.Data.Configurations.Alerts;

internal sealed class AlertRuleEntityTypeConfiguration : IEntityTypeConfiguration<AlertRule>
{
    public void Configure(EntityTypeBuilder<AlertRule> builder)
    {
        builder.ToTable("alert_rules");
        builder.HasKey(row => row.Id);
        builder.Property(row => row.Id).ValueGeneratedNever();
        builder.Property(row => row.Name).HasMaxLength(128);
        builder.Property(row => row.Severity).HasMaxLength(16);
        builder.Property(row => row.Condition).HasColumnType("jsonb");
        builder.HasIndex(row => row.Name).IsUnique();
    }
}
