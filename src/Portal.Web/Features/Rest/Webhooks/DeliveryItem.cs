using Portal.Data.Entities.Webhooks;

namespace Portal.Web.Features.Rest.Webhooks;

/// <summary>
/// What came to a webhook. Its state is <c>waiting</c>, <c>working</c>, <c>done</c>, <c>ignored</c>, <c>malformed</c> or <c>failed</c>; the
/// detail says for people what was done or why nothing was. The same that came again is counted in <c>copies</c> and passed over. One with
/// <c>repeatsId</c> is another that somebody delivered once more.
/// </summary>
internal sealed record DeliveryItem(
    Guid Id, Guid WebhookId, string? SenderKey, Guid? RepeatsId, string RepeatedBy, DateTimeOffset ReceivedAt, string Address,
    string Event, int Copies, string State, string Detail, Guid? DeploymentId, int Attempts, DateTimeOffset? FinishedAt)
{
    public static DeliveryItem Of(WebhookDelivery row) => new(
        row.Id, row.WebhookId, row.SenderKey, row.RepeatsId, row.RepeatedBy, row.ReceivedAt, row.Address, row.Event, row.Copies, row.State,
        row.Detail, row.DeploymentId, row.Attempts, row.FinishedAt);
}
