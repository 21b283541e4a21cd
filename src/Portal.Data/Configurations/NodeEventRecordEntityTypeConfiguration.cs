using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Entities;

namespace Portal.Data.Configurations;

internal sealed class NodeEventRecordEntityTypeConfiguration : IEntityTypeConfiguration<NodeEventRecord>
{
    public void Configure(EntityTypeBuilder<NodeEventRecord> builder)
    {
        builder.ToTable("node_events");
        builder.HasKey(record => new { record.NodeId, record.Epoch, record.Sequence });
        builder.Property(record => record.Type).HasMaxLength(32);
        builder.Property(record => record.Action).HasMaxLength(128);
        builder.Property(record => record.ActorId).HasMaxLength(512);
        builder.Property(record => record.Attributes).HasColumnType("jsonb");
        builder.HasOne<Node>().WithMany().HasForeignKey(record => record.NodeId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(record => new { record.NodeId, record.At });
        builder.HasIndex(record => record.At);
    }
}
