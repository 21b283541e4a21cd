namespace Portal.Engine.Networks.Ingress;

/// <summary>A port at which every node of a network that spans nodes answers.</summary>
/// <param name="Protocol">The transport.</param>
/// <param name="Port">1 to 65535.</param>
public sealed record IngressPort(PortProtocol Protocol, int Port)
{
    /// <summary>As people write it: <c>8080/tcp</c>.</summary>
    public override string ToString() =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Port}/{NameOf(Protocol)}");

    internal static string NameOf(PortProtocol protocol) => protocol switch
    {
        PortProtocol.Udp => "udp",
        PortProtocol.Sctp => "sctp",
        _ => "tcp",
    };
}
