using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Entities.Deployments;

namespace Portal.Data.Configurations.Deployments;

internal sealed class DeploymentLineEntityTypeConfiguration : IEntityTypeConfiguration<DeploymentLine>
{
    public void Configure(EntityTypeBuilder<DeploymentLine> builder)
    {
        builder.ToTable("deployment_lines");
        builder.HasKey(line => line.Id);
        builder.Property(line => line.Text).HasMaxLength(4096);
        builder.HasOne<Deployment>().WithMany().HasForeignKey(line => line.DeploymentId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(line => new { line.DeploymentId, line.Id });
    }
}
