using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Entities;
using Portal.Data.Entities.Access;

namespace Portal.Data.Configurations;

internal sealed class InvitationEntityTypeConfiguration : IEntityTypeConfiguration<Invitation>
{
    public void Configure(EntityTypeBuilder<Invitation> builder)
    {
        builder.ToTable("invitations");
        builder.HasKey(invitation => invitation.Id);
        builder.Property(invitation => invitation.Id).ValueGeneratedNever();
        builder.Property(invitation => invitation.Note).HasMaxLength(256);
        builder.Property(invitation => invitation.Role).HasMaxLength(64);
        builder.HasOne<Node>().WithMany().HasForeignKey(invitation => invitation.NodeId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<CustomRole>().WithMany().HasForeignKey(invitation => invitation.RoleId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<NodeEnvironment>().WithMany().HasForeignKey(invitation => invitation.EnvironmentId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<Team>().WithMany().HasForeignKey(invitation => invitation.TeamId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<PortalUser>().WithMany().HasForeignKey(invitation => invitation.CreatedBy).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(invitation => invitation.TokenHash).IsUnique();
        builder.HasIndex(invitation => invitation.RoleId);
        builder.HasIndex(invitation => invitation.EnvironmentId);
        builder.HasIndex(invitation => invitation.NodeId);
        builder.HasIndex(invitation => invitation.TeamId);
        builder.HasIndex(invitation => invitation.CreatedBy);
    }
}
