using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Entities.Deployments;

namespace Portal.Data.Configurations.Deployments;

internal sealed class DeploymentStepEntityTypeConfiguration : IEntityTypeConfiguration<DeploymentStep>
{
    public void Configure(EntityTypeBuilder<DeploymentStep> builder)
    {
        builder.ToTable("deployment_steps");
        builder.HasKey(step => new { step.DeploymentId, step.Number });
        builder.Property(step => step.Phase).HasMaxLength(16);
        builder.Property(step => step.Name).HasMaxLength(256);
        builder.Property(step => step.State).HasMaxLength(16);
        builder.Property(step => step.Detail).HasMaxLength(1024);
        builder.Property(step => step.Progress).HasColumnType("jsonb");
        builder.HasOne<Deployment>().WithMany().HasForeignKey(step => step.DeploymentId).OnDelete(DeleteBehavior.Cascade);
    }
}
