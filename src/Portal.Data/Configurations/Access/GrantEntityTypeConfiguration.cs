using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Entities;
using Portal.Data.Entities.Access;
using Portal.Data.Entities.Stacks;

namespace Portal.Data.Configurations.Access;

internal sealed class GrantEntityTypeConfiguration : IEntityTypeConfiguration<Grant>
{
    private const string OnEverything = "node_id is null and environment_id is null and stack_id is null";
    private const string OnEnvironment = "environment_id is not null";
    private const string OnNode = "node_id is not null";
    private const string OnStack = "stack_id is not null";

    public void Configure(EntityTypeBuilder<Grant> builder)
    {
        builder.ToTable("grants");
        builder.HasKey(grant => grant.Id);
        builder.Property(grant => grant.Id).ValueGeneratedNever();
        builder.Property(grant => grant.Role).HasMaxLength(64);
        builder.HasOne<PortalUser>().WithMany().HasForeignKey(grant => grant.UserId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<Team>().WithMany().HasForeignKey(grant => grant.TeamId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<CustomRole>().WithMany().HasForeignKey(grant => grant.RoleId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<NodeEnvironment>().WithMany().HasForeignKey(grant => grant.EnvironmentId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<Node>().WithMany().HasForeignKey(grant => grant.NodeId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<Stack>().WithMany().HasForeignKey(grant => grant.StackId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(grant => grant.NodeId);
        builder.HasIndex(grant => grant.StackId);
        builder.HasIndex(grant => grant.EnvironmentId);
        builder.HasIndex(grant => grant.RoleId);

        // One for each subject and kind of scope, because "nulls not distinct" needs PostgreSQL 15.
        builder.HasIndex(grant => new { grant.UserId, grant.Role }, "ux_grants_everything").IsUnique().HasFilter(OnEverything);
        builder.HasIndex(grant => new { grant.UserId, grant.Role, grant.EnvironmentId }, "ux_grants_environment")
            .IsUnique().HasFilter(OnEnvironment);
        builder.HasIndex(grant => new { grant.UserId, grant.Role, grant.NodeId }, "ux_grants_node").IsUnique().HasFilter(OnNode);
        builder.HasIndex(grant => new { grant.UserId, grant.Role, grant.StackId }, "ux_grants_stack").IsUnique().HasFilter(OnStack);
        builder.HasIndex(grant => new { grant.TeamId, grant.Role }, "ux_team_grants_everything").IsUnique().HasFilter(OnEverything);
        builder.HasIndex(grant => new { grant.TeamId, grant.Role, grant.EnvironmentId }, "ux_team_grants_environment")
            .IsUnique().HasFilter(OnEnvironment);
        builder.HasIndex(grant => new { grant.TeamId, grant.Role, grant.NodeId }, "ux_team_grants_node").IsUnique().HasFilter(OnNode);
        builder.HasIndex(grant => new { grant.TeamId, grant.Role, grant.StackId }, "ux_team_grants_stack").IsUnique().HasFilter(OnStack);
    }
}
