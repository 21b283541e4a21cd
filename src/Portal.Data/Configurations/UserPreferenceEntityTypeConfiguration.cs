using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Entities;

namespace Portal.Data.Configurations;

internal sealed class UserPreferenceEntityTypeConfiguration : IEntityTypeConfiguration<UserPreference>
{
    public void Configure(EntityTypeBuilder<UserPreference> builder)
    {
        builder.ToTable("user_preferences");
        builder.HasKey(preference => new { preference.UserId, preference.Key });
        builder.Property(preference => preference.Key).HasMaxLength(64);
        builder.Property(preference => preference.Value).HasMaxLength(1024);
        builder.HasOne<PortalUser>().WithMany().HasForeignKey(preference => preference.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}
