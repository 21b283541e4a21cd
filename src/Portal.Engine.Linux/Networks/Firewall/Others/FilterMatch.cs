using System.Runtime.InteropServices;

namespace Portal.Engine.Linux.Networks.Firewall.Others;

/// <summary>
/// Those extensions of iptables that say something of packets to name servers: their arguments are structures of the kernel.
/// </summary>
internal static class FilterMatch
{
    private const ushort Local = 1 << 2;
    private const ushort Unicast = 1 << 1;

    /// <summary>Whether the packet matches; null when that is not known.</summary>
    public static bool? Applies(FilterStep step, FilteredPacket packet) => step.Name switch
    {
        "comment" => true,
        "udp" or "tcp" when packet.Port is { } port => Ports(step, port),
        "multiport" when packet.Port is { } port => ManyPorts(step.Data, port),
        "addrtype" when packet.IsQuery => AddressTypes(step.Data),
        _ => null,
    };

    /// <summary>struct xt_udp and xt_tcp: the range of source ports, that of destination ports, flags.</summary>
    private static bool? Ports(FilterStep step, int port)
    {
        const byte inverted = 2;
        var flags = step.Name == "udp" ? 8 : 11;
        if (step.Data.Length <= flags)
        {
            return null;
        }

        var ports = MemoryMarshal.Cast<byte, ushort>(step.Data.AsSpan(0, 8));
        return step.Name == "tcp" ? false
            : ports[0] != 0 || ports[1] != ushort.MaxValue ? null
            : (ports[2] <= port && port <= ports[3]) != ((step.Data[flags] & inverted) != 0);
    }

    /// <summary>struct xt_multiport_v1: flags, count, 15 ports, 15 marks of ranges, inverted.</summary>
    private static bool? ManyPorts(byte[] data, int port)
    {
        const int most = 15;
        const int destination = 1;
        const int length = 2 + (most * 2) + most + 1;
        if (data.Length < length || data[1] > most || data[0] < destination)
        {
            return null;
        }

        var ports = MemoryMarshal.Cast<byte, ushort>(data.AsSpan(2, most * 2));
        var marks = data.AsSpan(2 + (most * 2), most);
        var isThere = false;
        for (var index = 0; index < data[1]; index++)
        {
            var last = marks[index] != 0 && index + 1 < data[1] ? index + 1 : index;
            isThere |= ports[index] <= port && port <= ports[last];
            index = last;
        }

        return isThere != (data[length - 1] != 0);
    }

    /// <summary>
    /// struct xt_addrtype_info_v1: types of source and destination as bits, flags. A query is from one address to the host's own.
    /// </summary>
    private static bool? AddressTypes(byte[] data)
    {
        if (data.Length < 8)
        {
            return null;
        }

        var types = MemoryMarshal.Cast<byte, ushort>(data.AsSpan(0, 4));
        var flags = data[4];
        return (types[0] == 0 || (types[0] & Unicast) != 0 != ((flags & 1) != 0))
            && (types[1] == 0 || (types[1] & Local) != 0 != ((flags & 2) != 0));
    }
}
