using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Entities;
using Portal.Data.Entities.Rest;

namespace Portal.Data.Configurations.Rest;

internal sealed class RestRequestEntityTypeConfiguration : IEntityTypeConfiguration<RestRequest>
{
    public void Configure(EntityTypeBuilder<RestRequest> builder)
    {
        builder.ToTable("rest_requests");
        builder.HasKey(request => new { request.UserId, request.Key });
        builder.Property(request => request.Key).HasMaxLength(128);
        builder.HasOne<PortalUser>().WithMany().HasForeignKey(request => request.UserId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(request => request.CreatedAt);
    }
}
