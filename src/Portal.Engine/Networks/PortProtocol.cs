namespace Portal.Engine.Networks;

/// <summary>Transports that ports are published for.</summary>
public enum PortProtocol
{
    /// <summary>TCP.</summary>
    Tcp = 0,

    /// <summary>UDP.</summary>
    Udp,

    /// <summary>SCTP.</summary>
    Sctp,
}
