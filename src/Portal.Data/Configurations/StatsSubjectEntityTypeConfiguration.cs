using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Entities;

namespace Portal.Data.Configurations;

internal sealed class StatsSubjectEntityTypeConfiguration : IEntityTypeConfiguration<StatsSubject>
{
    public void Configure(EntityTypeBuilder<StatsSubject> builder)
    {
        builder.ToTable("stats_subjects");
        builder.HasKey(subject => subject.Id);
        builder.Property(subject => subject.ContainerId).HasMaxLength(64);
        builder.Property(subject => subject.Name).HasMaxLength(256);
        builder.HasOne<Node>().WithMany().HasForeignKey(subject => subject.NodeId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(subject => new { subject.NodeId, subject.ContainerId }).IsUnique();
        builder.HasIndex(subject => new { subject.NodeId, subject.Name });
    }
}
