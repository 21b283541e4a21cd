using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Portal.Data.Entities.Overlays;

namespace Portal.Web.Features.Overlays;

/// <summary>How the addresses of a network are divided among its nodes.</summary>
internal static class OverlayAddresses
{
    public const int DefaultPort = 4789;
    private const int ShortestSubnet = 8;
    private const int LongestSubnet = 24;
    private const int LongestBlock = 28;

    private static readonly IPNetwork[] s_private =
    [
        IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("172.16.0.0/12"),
        IPNetwork.Parse("192.168.0.0/16"), IPNetwork.Parse("100.64.0.0/10"),
    ];

    /// <summary>Its id on every node: known before the first of them has it.</summary>
    public static string EngineId(Guid id) => Convert.ToHexStringLower(SHA256.HashData(id.ToByteArray()));

    /// <summary>Checks a subnet.</summary>
    /// <returns>What is wrong with it, for the user; null when it is fit.</returns>
    public static string? Refuse(string text, out IPNetwork subnet)
    {
        if (!IPNetwork.TryParse(text, out subnet)
            || subnet.BaseAddress.AddressFamily != AddressFamily.InterNetwork
            || !text.StartsWith(subnet.BaseAddress.ToString(), StringComparison.Ordinal)
            || (ToNumber(subnet.BaseAddress) & (uint.MaxValue >> subnet.PrefixLength)) != 0)
        {
            return E("'{0}' is no IPv4 subnet in CIDR form, such as 10.200.0.0/16.", text);
        }

        var (first, length) = (subnet.BaseAddress, subnet.PrefixLength);
        return length is < ShortestSubnet or > LongestSubnet
                ? E("A subnet is a /{0} to a /{1}: each node gets a part of it.", ShortestSubnet, LongestSubnet)
            : !Array.Exists(s_private, range => range.PrefixLength <= length && range.Contains(first))
                ? E("{0} is not private: 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 and 100.64.0.0/10 are.", text)
            : null;
    }

    /// <summary>Bits of a node's part: 256 nodes where there is room, 16 addresses at least.</summary>
    public static int BlockLength(IPNetwork subnet) => Math.Clamp(subnet.PrefixLength + 8, LongestSubnet, LongestBlock);

    /// <summary>How many nodes a network can have.</summary>
    public static int Blocks(OverlayNetwork network) => 1 << (network.BlockLength - IPNetwork.Parse(network.Subnet).PrefixLength);

    /// <summary>The part of a node.</summary>
    public static IPNetwork Range(OverlayNetwork network, int block)
    {
        var first = ToNumber(IPNetwork.Parse(network.Subnet).BaseAddress) + ((uint)block << (32 - network.BlockLength));
        return new IPNetwork(ToAddress(first), network.BlockLength);
    }

    /// <summary>The address of the node itself: the second of its part, as the very first of all is nobody's.</summary>
    public static IPAddress Gateway(OverlayNetwork network, int block) =>
        ToAddress(ToNumber(Range(network, block).BaseAddress) + 1);

    /// <summary>The first subnet of 10.200.0.0/16 to 10.254.0.0/16 that no other network has; null when there is none.</summary>
    public static IPNetwork? Choose(IReadOnlyCollection<IPNetwork> taken)
    {
        for (byte second = 200; second < 255; second++)
        {
            var subnet = new IPNetwork(new IPAddress([10, second, 0, 0]), 16);
            if (!taken.Any(other => Overlap(other, subnet)))
            {
                return subnet;
            }
        }

        return null;
    }

    public static bool Overlap(IPNetwork left, IPNetwork right) => left.Contains(right.BaseAddress) || right.Contains(left.BaseAddress);

    private static uint ToNumber(IPAddress address) => BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());

    private static IPAddress ToAddress(uint number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return new IPAddress(bytes);
    }
}
