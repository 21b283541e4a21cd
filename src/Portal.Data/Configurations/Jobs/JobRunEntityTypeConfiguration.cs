using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Entities.Jobs;

namespace Portal.Data.Configurations.Jobs;

internal sealed class JobRunEntityTypeConfiguration : IEntityTypeConfiguration<JobRun>
{
    private const string IsOpen = "finished_at IS NULL";

    public void Configure(EntityTypeBuilder<JobRun> builder)
    {
        builder.ToTable("job_runs");
        builder.HasKey(row => row.Id);
        builder.Property(row => row.Id).ValueGeneratedNever();
        builder.Property(row => row.Cause).HasMaxLength(16);
        builder.Property(row => row.CauseText).HasMaxLength(512);
        builder.Property(row => row.ActorName).HasMaxLength(256);
        builder.Property(row => row.State).HasMaxLength(16);
        builder.Property(row => row.Message).HasMaxLength(2048);
        builder.Property(row => row.Archive).HasMaxLength(256);
        builder.Property(row => row.ArchiveHost).HasMaxLength(256);
        builder.HasOne<ScheduledJob>().WithMany().HasForeignKey(row => row.JobId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(row => new { row.JobId, row.CreatedAt });
        builder.HasIndex(row => row.CreatedAt);
        builder.HasIndex(row => new { row.State, row.CreatedAt }, "ix_job_runs_open").HasFilter(IsOpen);
        builder.HasIndex(row => new { row.JobId, row.DueAt }).IsUnique();
        builder.HasIndex(row => row.JobId, "ux_job_runs_unfinished").IsUnique().HasFilter(IsOpen);
    }
}
