using System.Net;

namespace Portal.Web.Security;

/// <summary>What counts as one client where attempts are limited.</summary>
internal static class ClientNetwork
{
    /// <summary>An IPv4 address itself, and the /64 of an IPv6 one: whoever has one of its 2^64 addresses has them all (RFC 6177).</summary>
    public static IPAddress Of(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var bytes = plain.GetAddressBytes();
        if (bytes.Length == 16)
        {
            bytes.AsSpan(8).Clear();
        }

        return new IPAddress(bytes);
    }
}
