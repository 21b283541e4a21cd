namespace Portal.Engine.Networks.Overlay;

/// <summary>A node's place in a network that spans nodes. Whoever knows all nodes makes it, so that no two of them collide.</summary>
/// <param name="NetworkId">The network's id on every node, 64 hexadecimal digits.</param>
/// <param name="Vni">Its number on the wire, 1 to 16777215 (RFC 7348, 5).</param>
/// <param name="NodeAddress">This node's IPv4 address, from which the others get its packets.</param>
public sealed record OverlayPlace(string NetworkId, int Vni, string NodeAddress)
{
    /// <summary>What IANA gave VXLAN.</summary>
    public const int DefaultPort = 4789;

    /// <summary>The largest number that fits into 24 bits.</summary>
    public const int LargestVni = (1 << 24) - 1;

    /// <summary>The UDP port of all its nodes, 1 to 65535.</summary>
    public int Port { get; init; } = DefaultPort;
}
