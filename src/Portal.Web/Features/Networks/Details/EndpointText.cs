using Portal.Contracts.Containers.V1;

namespace Portal.Web.Features.Networks.Details;

/// <summary>Published ports in words.</summary>
internal static class EndpointText
{
    /// <summary>In Docker's form: <c>0.0.0.0:8080->80/tcp</c>.</summary>
    public static string Of(PortBinding port)
    {
        var host = port.HostAddress.Length == 0 ? "0.0.0.0"
            : port.HostAddress.Contains(':', StringComparison.Ordinal) ? $"[{port.HostAddress}]"
            : port.HostAddress;
        var protocol = port.Protocol switch
        {
            PortProtocol.Udp => "udp",
            PortProtocol.Sctp => "sctp",
            _ => "tcp",
        };
        return $"{host}:{port.HostPort}->{port.ContainerPort}/{protocol}";
    }
}
