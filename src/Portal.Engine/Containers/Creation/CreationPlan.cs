using Portal.Engine.Containers.States;

namespace Portal.Engine.Containers.Creation;

/// <summary>A container that is about to be made.</summary>
/// <param name="Config">What it will be.</param>
/// <param name="VolumeLabels">Labels of volumes that are made with it, by the volume's name.</param>
/// <param name="Warnings">What was taken out of the request.</param>
internal sealed record CreationPlan(
    ContainerConfig Config,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> VolumeLabels,
    IReadOnlyList<string> Warnings);
