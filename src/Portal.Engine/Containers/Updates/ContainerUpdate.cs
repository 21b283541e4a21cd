using Portal.Engine.Runtime;

namespace Portal.Engine.Containers.Updates;

/// <summary>What shall change of a container, running or not. What is left at its default stays as it is.</summary>
public sealed record ContainerUpdate
{
    /// <summary>New limits; 0 and empty keep the old ones. <see cref="RuntimeResources.PidsLimit"/> is not looked at.</summary>
    public RuntimeResources Resources { get; init; } = new();

    /// <summary>The new number of processes and threads: 0 or -1 for no limit, null to keep the old one.</summary>
    public long? PidsLimit { get; init; }

    /// <summary>The new restart policy; null to keep the old one.</summary>
    public RestartPolicy? RestartPolicy { get; init; }
}
