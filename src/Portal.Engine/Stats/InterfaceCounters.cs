namespace Portal.Engine.Stats;

/// <summary>What a network interface carried (proc_net_dev(5)).</summary>
public sealed record InterfaceCounters
{
    /// <summary>Its name in the container.</summary>
    public required string Name { get; init; }

    /// <summary>Bytes received.</summary>
    public long ReceivedBytes { get; init; }

    /// <summary>Packets received.</summary>
    public long ReceivedPackets { get; init; }

    /// <summary>Errors of receiving.</summary>
    public long ReceiveErrors { get; init; }

    /// <summary>Packets that were dropped when they came.</summary>
    public long ReceiveDropped { get; init; }

    /// <summary>Bytes sent.</summary>
    public long SentBytes { get; init; }

    /// <summary>Packets sent.</summary>
    public long SentPackets { get; init; }

    /// <summary>Errors of sending.</summary>
    public long SendErrors { get; init; }

    /// <summary>Packets that were dropped before they went.</summary>
    public long SendDropped { get; init; }
}
