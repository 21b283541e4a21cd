using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Entities;
using Portal.Data.Entities.Access;
using Portal.Data.Entities.Lists;

namespace Portal.Data.Configurations.Lists;

internal sealed class SavedViewEntityTypeConfiguration : IEntityTypeConfiguration<SavedView>
{
    public void Configure(EntityTypeBuilder<SavedView> builder)
    {
        builder.ToTable("saved_views");
        builder.HasKey(view => view.Id);
        builder.Property(view => view.Id).ValueGeneratedNever();
        builder.Property(view => view.List).HasMaxLength(32);
        builder.Property(view => view.Name).HasMaxLength(64);
        builder.Property(view => view.Query).HasMaxLength(2048);
        builder.HasOne<PortalUser>().WithMany().HasForeignKey(view => view.OwnerId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<Team>().WithMany().HasForeignKey(view => view.TeamId).OnDelete(DeleteBehavior.SetNull);
        builder.HasIndex(view => new { view.OwnerId, view.List, view.Name }).IsUnique();
        builder.HasIndex(view => view.TeamId);
    }
}
