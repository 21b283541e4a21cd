using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Entities.Deployments;
using Portal.Data.Entities.Stacks;

namespace Portal.Data.Configurations.Deployments;

internal sealed class CommitReporterEntityTypeConfiguration : IEntityTypeConfiguration<CommitReporter>
{
    public void Configure(EntityTypeBuilder<CommitReporter> builder)
    {
        builder.ToTable("commit_reporters");
        builder.HasKey(reporter => reporter.StackId);
        builder.Property(reporter => reporter.StackId).ValueGeneratedNever();
        builder.Property(reporter => reporter.Host).HasMaxLength(32);
        builder.Property(reporter => reporter.BaseUrl).HasMaxLength(512);
        builder.Property(reporter => reporter.Project).HasMaxLength(512);
        builder.Property(reporter => reporter.Context).HasMaxLength(40);
        builder.Property(reporter => reporter.PortalUrl).HasMaxLength(512);
        builder.Property(reporter => reporter.ChangedBy).HasMaxLength(256);
        builder.HasOne<Stack>().WithMany().HasForeignKey(reporter => reporter.StackId).OnDelete(DeleteBehavior.Cascade);
    }
}
