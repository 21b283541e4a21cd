using Portal.Data.Entities.Alerts;

namespace Portal.Web.Features.Rest.Alerts;

/// <summary>A message to a target: waiting while <c>dueAt</c> is there, then sent or given up.</summary>
internal sealed record DeliveryItem(
    long Id, Guid TargetId, DateTimeOffset CreatedAt, DateTimeOffset? DueAt, int Attempts, DateTimeOffset? SentAt, string Error)
{
    public static DeliveryItem Of(AlertDelivery row) =>
        new(row.Id, row.TargetId, row.CreatedAt, row.DueAt, row.Attempts, row.SentAt, row.Error);
}
