using System.Net;

namespace Portal.Engine.Api.Hosting;

/// <summary>How Docker's API is offered over TCP: with TLS and certificates on both sides, as <c>dockerd --tlsverify</c> does.</summary>
/// <remarks>Whoever may use the API is root on the host, so a client's certificate is what keeps everybody else out.</remarks>
public sealed record DockerTcpOptions
{
    /// <summary>Where to listen. Docker's usual port is 2376 with TLS, 2375 without.</summary>
    public required IPEndPoint EndPoint { get; init; }

    /// <summary>PEM file with the authorities whose client certificates are let in. They must be for client authentication (RFC 5280, 4.2.1.12).</summary>
    public string? AuthorityFile { get; init; }

    /// <summary>PEM file with this server's certificate, and those between it and its authority after it.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>PEM file with its private key, readable by the owner alone.</summary>
    public string? KeyFile { get; init; }

    /// <summary>True to listen without TLS: whoever reaches the address is then root on this host.</summary>
    public bool WithoutTls { get; init; }

    /// <summary>
    /// Names that requests may give in <c>Host</c> besides addresses, <c>localhost</c> and the host's own name: a page in a browser that
    /// points a name of its own to this address (DNS rebinding) is refused.
    /// </summary>
    public IReadOnlyList<string> Names { get; init; } = [];
}
