namespace Portal.Web.Features.Volumes.Listing;

/// <summary>A volume somewhere in the fleet.</summary>
public sealed record VolumeKey(Guid NodeId, string Name);
