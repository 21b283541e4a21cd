namespace Portal.Engine.Networks;

/// <summary>A port of a container that the host answers on.</summary>
public sealed record PortBinding
{
    /// <summary>The port in the container, 1 to 65535.</summary>
    public required int ContainerPort { get; init; }

    /// <summary>The transport.</summary>
    public PortProtocol Protocol { get; init; } = PortProtocol.Tcp;

    /// <summary>The host's address to answer on; empty for all.</summary>
    public string HostAddress { get; init; } = "";

    /// <summary>The port on the host, 1 to 65535, or 0 for a free one that the engine chooses.</summary>
    public int HostPort { get; init; }

    /// <summary>With <see cref="HostPort"/>, the last of a range to take the first free one of; 0 for no range.</summary>
    public int LastHostPort { get; init; }
}
