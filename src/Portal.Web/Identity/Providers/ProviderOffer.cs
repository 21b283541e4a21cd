namespace Portal.Web.Identity.Providers;

/// <summary>A provider as a button shows it.</summary>
internal sealed record ProviderOffer(Guid Id, string Name);
