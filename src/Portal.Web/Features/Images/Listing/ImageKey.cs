namespace Portal.Web.Features.Images.Listing;

/// <summary>An image on a node.</summary>
/// <param name="NodeId">The node.</param>
/// <param name="Id">The image's full id.</param>
public readonly record struct ImageKey(Guid NodeId, string Id);
