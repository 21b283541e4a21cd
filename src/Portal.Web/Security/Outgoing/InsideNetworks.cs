using System.Net;
using System.Net.Sockets;

namespace Portal.Web.Security.Outgoing;

/// <summary>Networks that are no one's on the Internet (RFC 6890): private, shared, link-local, loopback, multicast and their like.</summary>
/// <remarks>The agent's engine has the same list: the two share no code.</remarks>
internal static class InsideNetworks
{
    private static readonly IPNetwork[] s_networks =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16",
            "198.18.0.0/15", "224.0.0.0/3", "::/127", "64:ff9b:1::/48", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
        }.Select(text => IPNetwork.Parse(text)),
    ];

    public static bool Contain(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return Contain(address.MapToIPv4());
        }

        return address.AddressFamily == AddressFamily.InterNetworkV6 && Embedded(address) is { } within
            ? Contain(within)
            : s_networks.Any(network => network.Contains(address));
    }

    // The IPv4 address that translators (RFC 6052) and 6to4 (RFC 3056) put into one of IPv6.
    private static IPAddress? Embedded(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        return bytes.AsSpan(0, 12).SequenceEqual((ReadOnlySpan<byte>)[0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0])
            ? new IPAddress(bytes.AsSpan(12))
            : bytes is [0x20, 0x02, ..] ? new IPAddress(bytes.AsSpan(2, 4)) : null;
    }
}
