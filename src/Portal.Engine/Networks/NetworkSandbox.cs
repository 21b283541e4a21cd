namespace Portal.Engine.Networks;

/// <summary>A container's place on the network.</summary>
public sealed record NetworkSandbox
{
    /// <summary>The container's full id.</summary>
    public required string ContainerId { get; init; }

    /// <summary>A path that setns(2) can open, for the runtime's specification; null for the host's own namespace.</summary>
    public string? NamespacePath { get; init; }

    /// <summary>Its connections, in the order of their interfaces.</summary>
    public IReadOnlyList<NetworkEndpoint> Endpoints { get; init; } = [];

    /// <summary>What is published, with the host ports that were chosen.</summary>
    public IReadOnlyList<PortBinding> Ports { get; init; } = [];
}
