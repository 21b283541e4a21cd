namespace Portal.Engine.Networks;

/// <summary>What a container asks of the network.</summary>
public sealed record NetworkAttachment
{
    /// <summary>The container's full id.</summary>
    public required string ContainerId { get; init; }

    /// <summary>The container's name, without a slash.</summary>
    public required string ContainerName { get; init; }

    /// <summary>Docker's network mode: <c>bridge</c> (or <c>default</c>), <c>none</c>, <c>host</c>, <c>container:ID</c>, or a network's name.</summary>
    public string Mode { get; init; } = "bridge";

    /// <summary>The networks to be on, in the order of the interfaces; empty to be on the one of <see cref="Mode"/>.</summary>
    public IReadOnlyList<NetworkConnection> Networks { get; init; } = [];

    /// <summary>Host name inside, for the namespace's records.</summary>
    public string Hostname { get; init; } = "";

    /// <summary>Ports to publish on the host.</summary>
    public IReadOnlyList<PortBinding> Ports { get; init; } = [];

    /// <summary>Servers that know what the engine does not, in the place of the host's own.</summary>
    public IReadOnlyList<string> NameServers { get; init; } = [];

    /// <summary>A fixed MAC address, or null for one derived from the address.</summary>
    public string? MacAddress { get; init; }

    /// <summary>Path of the user namespace to which the network namespace belongs; null for the host's.</summary>
    public string? UserNamespacePath { get; init; }
}
