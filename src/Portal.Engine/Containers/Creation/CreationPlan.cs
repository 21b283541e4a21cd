using Portal.Engine.Containers.States;
using Portal.Engine.Volumes;

namespace Portal.Engine.Containers.Creation;

/// <summary>A container that is about to be made.</summary>
/// <param name="Config">What it will be.</param>
/// <param name="Volumes">What volumes shall be that are made with it, by name.</param>
/// <param name="Warnings">What was taken out of the request.</param>
internal sealed record CreationPlan(
    ContainerConfig Config,
    IReadOnlyDictionary<string, VolumeRequest> Volumes,
    IReadOnlyList<string> Warnings);
