using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Entities.Deployments;
using Portal.Data.Entities.Stacks;

namespace Portal.Data.Configurations.Deployments;

internal sealed class DeploymentEntityTypeConfiguration : IEntityTypeConfiguration<Deployment>
{
    public void Configure(EntityTypeBuilder<Deployment> builder)
    {
        builder.ToTable("deployments");
        builder.HasKey(deployment => deployment.Id);
        builder.Property(deployment => deployment.StackName).HasMaxLength(63);
        builder.Property(deployment => deployment.NodeName).HasMaxLength(256);
        builder.Property(deployment => deployment.Operation).HasMaxLength(16);
        builder.Property(deployment => deployment.Cause).HasMaxLength(16);
        builder.Property(deployment => deployment.CauseText).HasMaxLength(512);
        builder.Property(deployment => deployment.ActorName).HasMaxLength(256);
        builder.Property(deployment => deployment.PullPolicy).HasMaxLength(16);
        builder.Property(deployment => deployment.State).HasMaxLength(16);
        builder.Property(deployment => deployment.Phase).HasMaxLength(16);
        builder.Property(deployment => deployment.Message).HasMaxLength(2048);
        builder.Property(deployment => deployment.Images).HasColumnType("jsonb");
        builder.Property(deployment => deployment.CancelledBy).HasMaxLength(256);
        builder.Property(deployment => deployment.Pins).HasColumnType("jsonb");
        builder.Property(deployment => deployment.Scales).HasColumnType("jsonb");
        builder.Property(deployment => deployment.DecidedBy).HasMaxLength(256);
        builder.Property(deployment => deployment.Decision).HasMaxLength(512);
        builder.Property(deployment => deployment.GoneOnBy).HasMaxLength(256);
        builder.HasOne<Stack>().WithMany().HasForeignKey(deployment => deployment.StackId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(deployment => new { deployment.StackId, deployment.CreatedAt });
        builder.HasIndex(deployment => deployment.CreatedAt);
        builder.HasIndex(deployment => new { deployment.State, deployment.CreatedAt }, "ix_deployments_open")
            .HasFilter("finished_at IS NULL");
        builder.HasIndex(deployment => deployment.StackId, "ux_deployments_running").IsUnique().HasFilter("state::text = 'Running'::text");
    }
}
