using System.Net;
using Portal.Engine.Errors;
using Portal.Engine.Networks.Addresses;

namespace Portal.Engine.Networks.Ports;

/// <summary>A binding that was checked: numbers in range, an address that is one.</summary>
/// <param name="Binding">What was asked for.</param>
/// <param name="Address">The host's address.</param>
internal sealed record PortRequest(PortBinding Binding, IPAddress Address)
{
    private const int MaximumPort = ushort.MaxValue;

    /// <summary>Checks what a user asked for.</summary>
    /// <exception cref="EngineException">InvalidArgument, with what is wrong.</exception>
    public static PortRequest Parse(PortBinding binding)
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

        if (!Enum.IsDefined(binding.Protocol))
        {
            throw EngineException.InvalidArgument($"invalid protocol {(int)binding.Protocol}: tcp, udp and sctp can be published.");
        }

        return new PortRequest(binding, ParseAddress(binding.HostAddress));
    }

    private static IPAddress ParseAddress(string text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return IPAddress.Any;
        }

        if (!Ipv4Subnet.TryParseAddress(text, out var address))
        {
            throw EngineException.InvalidArgument(
                $"invalid host address '{text}' for a published port: an IPv4 address such as 127.0.0.1 is needed; "
                + "this network has no IPv6.");
        }

        // 224.0.0.0/4 are groups (RFC 5771), 240.0.0.0/4 is reserved, with the broadcast address at its end.
        if (address.GetAddressBytes()[0] >= 224)
        {
            throw EngineException.InvalidArgument(
                $"invalid host address '{text}' for a published port: it is no address of one host.");
        }

        return address;
    }
}
