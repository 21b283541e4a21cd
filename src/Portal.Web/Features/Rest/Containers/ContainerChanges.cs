using Portal.Contracts.Files.V1;

namespace Portal.Web.Features.Rest.Containers;

/// <summary>What differs between a container and its image.</summary>
/// <param name="Changes">Path by path.</param>
/// <param name="IsWhole">False when there is more.</param>
internal sealed record ContainerChanges(IReadOnlyList<Change> Changes, bool IsWhole);
