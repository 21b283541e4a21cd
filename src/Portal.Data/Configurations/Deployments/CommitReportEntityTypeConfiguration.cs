using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Entities.Deployments;

namespace Portal.Data.Configurations.Deployments;

internal sealed class CommitReportEntityTypeConfiguration : IEntityTypeConfiguration<CommitReport>
{
    public void Configure(EntityTypeBuilder<CommitReport> builder)
    {
        builder.ToTable("commit_reports");
        builder.HasKey(report => report.DeploymentId);
        builder.Property(report => report.DeploymentId).ValueGeneratedNever();
        builder.Property(report => report.Commit).HasMaxLength(64);
        builder.Property(report => report.Wanted).HasMaxLength(160);
        builder.Property(report => report.Sent).HasMaxLength(160);
        builder.Property(report => report.Error).HasMaxLength(1024);
        builder.HasOne<Deployment>().WithMany().HasForeignKey(report => report.DeploymentId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(report => report.StackId);
        builder.HasIndex(report => report.DueAt).HasFilter("due_at IS NOT NULL");
    }
}
