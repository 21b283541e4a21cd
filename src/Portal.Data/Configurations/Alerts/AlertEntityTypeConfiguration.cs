using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Entities.Alerts;

namespace Portal.Data.Configurations.Alerts;

internal sealed class AlertEntityTypeConfiguration : IEntityTypeConfiguration<Alert>
{
    public void Configure(EntityTypeBuilder<Alert> builder)
    {
        builder.ToTable("alerts");
        builder.HasKey(row => row.Id);
        builder.Property(row => row.Id).ValueGeneratedNever();
        builder.Property(row => row.RuleName).HasMaxLength(128);
        builder.Property(row => row.Severity).HasMaxLength(16);
        builder.Property(row => row.Subject).HasMaxLength(256);
        builder.Property(row => row.SubjectName).HasMaxLength(256);
        builder.Property(row => row.State).HasMaxLength(16);
        builder.Property(row => row.Told).HasMaxLength(16);
        builder.Property(row => row.Value).HasMaxLength(256);
        builder.HasIndex(row => row.State);
        builder.HasIndex(row => row.BeganAt);
    }
}
