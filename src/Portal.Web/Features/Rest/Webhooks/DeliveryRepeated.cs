namespace Portal.Web.Features.Rest.Webhooks;

/// <summary>A delivery that repeats another.</summary>
internal sealed record DeliveryRepeated(Guid Id);
