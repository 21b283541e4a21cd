using System.Net.Sockets;

namespace Portal.Engine.Linux.Networks.Firewall.Others;

/// <summary>
/// Where things stand in an entry of a table of legacy iptables: struct ipt_entry and ip6t_entry (linux/netfilter_ipv4/ip_tables.h).
/// </summary>
internal sealed record LegacyLayout
{
    public static readonly LegacyLayout Ipv4 = new()
    {
        AddressFamily = AddressFamily.InterNetwork, Family = 2, Level = 0, Program = "iptables-legacy",
        AddressLength = 4, SourceAt = 12, InterfacesAt = 16, ProtocolAt = 80, FlagsAt = 82, InvertedAt = 83, OffsetsAt = 88, Length = 112,
    };

    public static readonly LegacyLayout Ipv6 = new()
    {
        AddressFamily = AddressFamily.InterNetworkV6, Family = 10, Level = 41, Program = "ip6tables-legacy",
        AddressLength = 16, SourceAt = 8, InterfacesAt = 64, ProtocolAt = 128, FlagsAt = 131, InvertedAt = 132, OffsetsAt = 140,
        Length = 168,
    };

    public required AddressFamily AddressFamily { get; init; }

    /// <summary>NFPROTO_*.</summary>
    public required byte Family { get; init; }

    /// <summary>The level of the socket's options.</summary>
    public required int Level { get; init; }

    public required string Program { get; init; }

    /// <summary>Of source, destination and their masks, with which the entry begins.</summary>
    public required int AddressLength { get; init; }

    /// <summary>Where the source stands in a packet's header.</summary>
    public required int SourceAt { get; init; }

    /// <summary>Names of both interfaces, then their masks: 16 bytes each.</summary>
    public required int InterfacesAt { get; init; }

    public required int ProtocolAt { get; init; }

    public required int FlagsAt { get; init; }

    public required int InvertedAt { get; init; }

    /// <summary>Where the entry's target begins, then where the next entry does: 16 bits each.</summary>
    public required int OffsetsAt { get; init; }

    /// <summary>Of the entry, where its matches begin.</summary>
    public required int Length { get; init; }
}
