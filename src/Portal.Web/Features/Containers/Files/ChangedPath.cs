using Portal.Contracts.Files.V1;

namespace Portal.Web.Features.Containers.Files;

/// <summary>One difference between a container and its image.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="Kind">What became of it.</param>
/// <param name="IsWay">True for a folder that is told of because of what changed in it.</param>
public sealed record ChangedPath(string Path, ChangeKind Kind, bool IsWay);
