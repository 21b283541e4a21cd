using System.Net;
using System.Net.Sockets;
using Portal.Engine.Errors;
using Portal.Engine.Networks.Addresses;

namespace Portal.Engine.Networks.Ports;

/// <summary>A binding that was checked: numbers in range, addresses that are some.</summary>
/// <param name="Binding">What was asked for.</param>
/// <param name="Addresses">The host's addresses: one, or "all" of each family, which then get the same port.</param>
internal sealed record PortRequest(PortBinding Binding, IReadOnlyList<IPAddress> Addresses)
{
    private const int MaximumPort = ushort.MaxValue;

    /// <summary>Checks what a user asked for, and tells which of the host's addresses it means.</summary>
    /// <param name="binding">What was asked for.</param>
    /// <param name="hasIpv4">True when ports of IPv4 addresses can lead to the container.</param>
    /// <param name="hasIpv6">The same for IPv6.</param>
    /// <param name="unnamed">The network's host address for ports without one; empty for all.</param>
    /// <exception cref="EngineException">InvalidArgument, with what is wrong.</exception>
    public static PortRequest Parse(PortBinding binding, bool hasIpv4, bool hasIpv6, string unnamed = "")
    {
        Check(binding);
        var address = ParseAddress(binding.HostAddress.Length > 0 ? binding.HostAddress : unnamed);
        if (address is null)
        {
            return new PortRequest(binding, [.. AllOf(hasIpv4, hasIpv6)]);
        }

        if (binding.HostAddress.Length > 0 && !(IsIpv6(address) ? hasIpv6 : hasIpv4))
        {
            throw EngineException.InvalidArgument(
                $"invalid host address '{binding.HostAddress}' for a published port: the container's network has no "
                + $"{(IsIpv6(address) ? "IPv6. Make a network with --ipv6 for it" : "IPv4")}.");
        }

        return new PortRequest(binding, (IsIpv6(address) ? hasIpv6 : hasIpv4) ? [address] : []);
    }

    /// <summary>The host's address of a port that was given out.</summary>
    public static IPAddress AddressOf(PortBinding binding) => ParseAddress(binding.HostAddress) ?? IPAddress.Any;

    private static void Check(PortBinding binding)
    {
        ArgumentNullException.ThrowIfNull(binding);
        if (binding.ContainerPort is < 1 or > MaximumPort)
        {
            throw EngineException.InvalidArgument($"invalid container port {binding.ContainerPort}: it must be 1 to {MaximumPort}.");
        }

        if (binding.HostPort is < 0 or > MaximumPort)
        {
            throw EngineException.InvalidArgument(
                $"invalid host port {binding.HostPort}: it must be 1 to {MaximumPort}, or 0 for a free one.");
        }

        if (binding.LastHostPort != 0
            && (binding.HostPort == 0 || binding.LastHostPort < binding.HostPort || binding.LastHostPort > MaximumPort))
        {
            throw EngineException.InvalidArgument($"invalid range of host ports {binding.HostPort}-{binding.LastHostPort}.");
        }

        if (!Enum.IsDefined(binding.Protocol))
        {
            throw EngineException.InvalidArgument($"invalid protocol {(int)binding.Protocol}: tcp, udp and sctp can be published.");
        }
    }

    private static IEnumerable<IPAddress> AllOf(bool hasIpv4, bool hasIpv6)
    {
        if (hasIpv4)
        {
            yield return IPAddress.Any;
        }

        if (hasIpv6)
        {
            yield return IPAddress.IPv6Any;
        }
    }

    private static IPAddress? ParseAddress(string text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (!IpSubnet.TryParseAddress(text, out var address))
        {
            throw EngineException.InvalidArgument(
                $"invalid host address '{text}' for a published port: an address such as 127.0.0.1 or 2001:db8::1 is needed.");
        }

        // 224.0.0.0/4 are groups (RFC 5771), 240.0.0.0/4 is reserved, with the broadcast address at its end.
        if (IsIpv6(address) ? address.IsIPv6Multicast : address.GetAddressBytes()[0] >= 224)
        {
            throw EngineException.InvalidArgument(
                $"invalid host address '{text}' for a published port: it is no address of one host.");
        }

        return address;
    }

    private static bool IsIpv6(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6;
}
