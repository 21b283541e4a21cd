using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Entities.Access;

namespace Portal.Data.Configurations.Access;

internal sealed class NodeEnvironmentEntityTypeConfiguration : IEntityTypeConfiguration<NodeEnvironment>
{
    public void Configure(EntityTypeBuilder<NodeEnvironment> builder)
    {
        builder.ToTable("environments");
        builder.HasKey(environment => environment.Id);
        builder.Property(environment => environment.Id).ValueGeneratedNever();
        builder.Property(environment => environment.Name).HasMaxLength(63);
        builder.Property(environment => environment.Color).HasMaxLength(16);
        builder.Property(environment => environment.Description).HasMaxLength(512);
        builder.Property(environment => environment.DeploymentRules).HasColumnType("jsonb");
        builder.HasIndex(environment => environment.Name).IsUnique();
    }
}
