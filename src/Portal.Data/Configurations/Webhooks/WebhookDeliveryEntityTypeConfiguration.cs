using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Entities.Webhooks;

namespace Portal.Data.Configurations.Webhooks;

internal sealed class WebhookDeliveryEntityTypeConfiguration : IEntityTypeConfiguration<WebhookDelivery>
{
    public void Configure(EntityTypeBuilder<WebhookDelivery> builder)
    {
        builder.ToTable("webhook_deliveries");
        builder.HasKey(row => row.Id);
        builder.Property(row => row.Id).ValueGeneratedNever();
        builder.Property(row => row.SenderKey).HasMaxLength(128);
        builder.Property(row => row.RepeatedBy).HasMaxLength(256);
        builder.Property(row => row.Address).HasMaxLength(64);
        builder.Property(row => row.Event).HasMaxLength(128);
        builder.Property(row => row.Headers).HasColumnType("jsonb");
        builder.Property(row => row.State).HasMaxLength(16);
        builder.Property(row => row.Detail).HasMaxLength(1024);
        builder.HasOne<Webhook>().WithMany().HasForeignKey(row => row.WebhookId).OnDelete(DeleteBehavior.Cascade);

        // The same delivery is taken once, whatever portal it reaches. Those without a key or a digest are no copies of each other.
        builder.HasIndex(row => new { row.WebhookId, row.SenderKey }).IsUnique();
        builder.HasIndex(row => new { row.WebhookId, row.Digest }).IsUnique();
        builder.HasIndex(row => new { row.WebhookId, row.ReceivedAt });
        builder.HasIndex(row => row.DueAt);
    }
}
