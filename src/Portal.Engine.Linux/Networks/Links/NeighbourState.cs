using System.Net;

namespace Portal.Engine.Linux.Networks.Links;

/// <summary>A pair of a link's tables: of forwarding (which node has a MAC address), or of neighbours (which MAC address an address has).</summary>
/// <param name="Mac">Six bytes as a number, the first highest.</param>
/// <param name="Address">The node's address, or the neighbour's.</param>
internal readonly record struct NeighbourState(long Mac, IPAddress Address)
{
    public static long Pack(ReadOnlySpan<byte> mac)
    {
        var packed = 0L;
        foreach (var part in mac)
        {
            packed = (packed << 8) | part;
        }

        return packed;
    }

    public byte[] MacBytes() =>
    [
        (byte)(Mac >> 40), (byte)(Mac >> 32), (byte)(Mac >> 24), (byte)(Mac >> 16), (byte)(Mac >> 8), (byte)Mac,
    ];
}
