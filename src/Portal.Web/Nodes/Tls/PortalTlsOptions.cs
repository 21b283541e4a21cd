namespace Portal.Web.Nodes.Tls;

/// <summary>The portal's TLS endpoint.</summary>
public sealed record PortalTlsOptions
{
    /// <summary><c>PORTAL_HTTPS</c>: address and port of the TLS endpoint.</summary>
    /// <value>Null, the default, for none: then the portal is reached over loopback, or through a proxy on this host.</value>
    public string? Address { get; init; }

    /// <summary><c>PORTAL_DOCKER_TLS</c>: address and port where docker proves itself by a client certificate.</summary>
    /// <value>Null, the default, for none. Needs <see cref="Address"/>, whose certificate it has.</value>
    public string? DockerAddress { get; init; }

    /// <summary><c>PORTAL_TLS_CERT</c>: PEM file with the certificate and its chain.</summary>
    /// <value>Null, the default, for one that the portal makes on first start.</value>
    public string? CertificatePath { get; init; }

    /// <summary><c>PORTAL_TLS_KEY</c>: PEM file with the private key. Needed when <see cref="CertificatePath"/> is set.</summary>
    public string? KeyPath { get; init; }

    /// <summary>Where a certificate that the portal made is kept: <c>$PORTAL_DATA/portal/tls</c>.</summary>
    public required string Folder { get; init; }

    /// <summary>Reads the settings.</summary>
    public static PortalTlsOptions From(IConfiguration configuration)
    {
        return new PortalTlsOptions
        {
            Address = NullIfEmpty(configuration["PORTAL_HTTPS"]),
            DockerAddress = NullIfEmpty(configuration["PORTAL_DOCKER_TLS"]),
            CertificatePath = NullIfEmpty(configuration["PORTAL_TLS_CERT"]),
            KeyPath = NullIfEmpty(configuration["PORTAL_TLS_KEY"]),
            Folder = Path.Combine(NullIfEmpty(configuration["PORTAL_DATA"]) ?? "/var/lib/portal", "portal", "tls"),
        };
    }

    private static string? NullIfEmpty(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;
}
