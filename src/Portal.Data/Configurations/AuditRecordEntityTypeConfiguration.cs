using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Entities;

namespace Portal.Data.Configurations;

internal sealed class AuditRecordEntityTypeConfiguration : IEntityTypeConfiguration<AuditRecord>
{
    public void Configure(EntityTypeBuilder<AuditRecord> builder)
    {
        builder.ToTable("audit_log");
        builder.HasKey(record => record.Id);
        builder.Property(record => record.Id).UseIdentityAlwaysColumn();
        builder.Property(record => record.ActorName).HasMaxLength(256);
        builder.Property(record => record.Address).HasMaxLength(64);
        builder.Property(record => record.Action).HasMaxLength(64);
        builder.Property(record => record.ObjectType).HasMaxLength(64);
        builder.Property(record => record.ObjectId).HasMaxLength(256);
        builder.Property(record => record.ObjectName).HasMaxLength(512);
        builder.HasIndex(record => record.At);
        builder.HasIndex(record => record.ActorId);
        builder.HasIndex(record => new { record.ObjectType, record.ObjectId });
    }
}
