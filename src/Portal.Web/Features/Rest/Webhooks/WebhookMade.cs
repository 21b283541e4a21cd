namespace Portal.Web.Features.Rest.Webhooks;

/// <summary>A webhook with its secret, which is shown this once.</summary>
/// <param name="Id">The webhook.</param>
/// <param name="Path">What is called, below the portal's address.</param>
/// <param name="Secret">What proves who calls.</param>
internal sealed record WebhookMade(Guid Id, string Path, string Secret);
