namespace Portal.Web.Features.Networks.Listing;

/// <summary>A network somewhere in the fleet.</summary>
public sealed record NetworkKey(Guid NodeId, string Name);
