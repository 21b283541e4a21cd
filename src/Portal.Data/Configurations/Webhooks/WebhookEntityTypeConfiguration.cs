using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Entities.Stacks;
using Portal.Data.Entities.Webhooks;

namespace Portal.Data.Configurations.Webhooks;

internal sealed class WebhookEntityTypeConfiguration : IEntityTypeConfiguration<Webhook>
{
    public void Configure(EntityTypeBuilder<Webhook> builder)
    {
        builder.ToTable("webhooks");
        builder.HasKey(row => row.Id);
        builder.Property(row => row.Id).ValueGeneratedNever();
        builder.Property(row => row.Name).HasMaxLength(128);
        builder.Property(row => row.Provider).HasMaxLength(32);
        builder.Property(row => row.Filters).HasColumnType("jsonb");
        builder.Property(row => row.AuthorName).HasMaxLength(256);
        builder.HasOne<Stack>().WithMany().HasForeignKey(row => row.StackId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(row => new { row.StackId, row.Name }).IsUnique();
    }
}
