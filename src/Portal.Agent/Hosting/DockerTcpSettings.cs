using System.Net;
using Portal.Engine.Api.Hosting;

namespace Portal.Agent.Hosting;

/// <summary>Reads the settings of Docker's API over TCP.</summary>
internal static class DockerTcpSettings
{
    /// <summary>What <c>PORTAL_DOCKER_TCP_WITHOUT_TLS</c> has to be set to: nobody is to open the host by a careless <c>true</c>.</summary>
    public const string Risk = "anyone-who-reaches-it-is-root";

    /// <summary>Reads them; null when the API is offered on the Unix socket alone.</summary>
    /// <exception cref="DockerTcpException">A value can't be used.</exception>
    public static DockerTcpOptions? Read(Func<string, string?> get)
    {
        if (get("PORTAL_DOCKER_TCP") is not { } address)
        {
            return null;
        }

        if (!IPEndPoint.TryParse(address, out var endPoint) || endPoint.Port == 0)
        {
            throw new DockerTcpException($"PORTAL_DOCKER_TCP is '{address}'; it must be an address and a port, such as 0.0.0.0:2376.");
        }

        var withoutTls = get("PORTAL_DOCKER_TCP_WITHOUT_TLS");
        if (withoutTls is not null && withoutTls != Risk)
        {
            throw new DockerTcpException(
                $"PORTAL_DOCKER_TCP_WITHOUT_TLS would give this host to whoever reaches {address}. If that is meant, set it to '{Risk}'.");
        }

        return new DockerTcpOptions
        {
            EndPoint = endPoint,
            AuthorityFile = get("PORTAL_DOCKER_TLS_CA"),
            CertificateFile = get("PORTAL_DOCKER_TLS_CERT"),
            KeyFile = get("PORTAL_DOCKER_TLS_KEY"),
            WithoutTls = withoutTls is not null,
            Names = (get("PORTAL_DOCKER_TCP_NAMES") ?? "")
                .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        };
    }
}
