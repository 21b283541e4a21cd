namespace Portal.Web.Features.Rest.Containers;

/// <summary>Which stopped containers go.</summary>
/// <param name="Until">Those alone that were made before; left out for all of them.</param>
internal sealed record PruneContainers(DateTimeOffset? Until = null);
