namespace Portal.Web.Features.Rest.Webhooks;

/// <summary>What came to a webhook, with all that is kept of it.</summary>
/// <param name="Delivery">What the list says of it.</param>
/// <param name="Headers">Without what is secret in them; empty when they were forgotten.</param>
/// <param name="Body">In base64, as it came; null when it was forgotten.</param>
internal sealed record DeliveryDetail(DeliveryItem Delivery, IReadOnlyDictionary<string, string> Headers, byte[]? Body);
