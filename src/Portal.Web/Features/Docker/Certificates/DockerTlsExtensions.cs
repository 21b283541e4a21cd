using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Portal.Web.Access.Tokens;
using Portal.Web.Features.Docker.Connections;
using Portal.Web.Nodes.Tls;

namespace Portal.Web.Features.Docker.Certificates;

/// <summary>
/// The address for docker with a client certificate, of its own: where browsers are, a server that asks for certificates makes them ask
/// people.
/// </summary>
internal static class DockerTlsExtensions
{
    /// <summary>Listens on <c>PORTAL_DOCKER_TLS</c>; does nothing when that is not set.</summary>
    public static KestrelServerOptions ListenDockerTls(this KestrelServerOptions kestrel)
    {
        var options = kestrel.ApplicationServices.GetRequiredService<PortalTlsOptions>();
        if (options.DockerAddress is not { } address)
        {
            return kestrel;
        }

        if (options.Address is null)
        {
            throw new StartException("PORTAL_DOCKER_TLS is set, but PORTAL_HTTPS is not: it uses the certificate of that address.");
        }

        if (!IPEndPoint.TryParse(address, out var endPoint) || endPoint.Port == 0)
        {
            throw new StartException($"PORTAL_DOCKER_TLS is '{address}', which is no address with a port. Example: 0.0.0.0:8444.");
        }

        var certificate = kestrel.ApplicationServices.GetRequiredService<PortalCertificate>().Value!;
        kestrel.Listen(endPoint, listen =>
        {
            // What docker takes connections away from is HTTP/1.1.
            listen.Protocols = HttpProtocols.Http1;
            listen.Use(next => connection =>
            {
                connection.Features.Set(DockerTlsConnection.Instance);
                return next(connection);
            });
            listen.UseHttps(https =>
            {
                https.ServerCertificate = certificate;
                https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;

                // The handshake proves that the client has the key. Whose the certificate is the database says, and no authority: it holds
                // the hash of each, as of tokens.
                https.ClientCertificateValidation = (_, _, _) => true;
            });
            listen.UseTakeableConnections();
        });
        return kestrel;
    }

    /// <summary>Where client certificates are asked for, there is nothing but docker.</summary>
    public static void UseDockerTlsBoundary(this IApplicationBuilder app) => app.Use((context, next) =>
        DockerTlsConnection.Is(context) && !context.Request.Path.StartsWithSegments(TokenAuthenticationDefaults.DockerPath)
            ? DockerErrors.WriteAsync(context, StatusCodes.Status404NotFound, "Here is docker alone, below /docker/NODE.")
            : next(context));
}
