using Portal.Engine.Runtime.Namespaces;

namespace Portal.Engine.Containers.States;

/// <summary>All that never changes of a container, as it is in <c>config.json</c>.</summary>
internal sealed record ContainerConfig
{
    public required string Id { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required string ImageId { get; init; }

    /// <summary>Complete: the image's defaults are merged in.</summary>
    public required ContainerSpec Spec { get; init; }

    public required IReadOnlyList<string> Arguments { get; init; }

    public required IReadOnlyList<ContainerMount> Mounts { get; init; }

    /// <summary>Volumes that were made for this container and go with it when that is asked for.</summary>
    public required IReadOnlyList<string> AnonymousVolumes { get; init; }

    /// <summary>Containers that are found under a further name.</summary>
    public IReadOnlyList<ContainerLink> Links { get; init; } = [];

    /// <summary>The AppArmor profile that it was made with; empty where the host had no AppArmor.</summary>
    public string AppArmorProfile { get; init; } = "";

    /// <summary>The ids of the host that stand for the container's; null when they are the same.</summary>
    public IdMapping? Ids { get; init; }
}
