using System.Net;

namespace Portal.Web.Security;

/// <summary>How addresses of clients are written down.</summary>
internal static class ClientAddress
{
    /// <summary>An IPv4 address as such, also where the socket speaks IPv6; empty for none.</summary>
    public static string TextOf(IPAddress? address) =>
        (address?.IsIPv4MappedToIPv6 == true ? address.MapToIPv4() : address)?.ToString() ?? "";
}
