using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Portal.Web.Nodes.Tls;

/// <summary>Makes Kestrel listen on the portal's TLS endpoint.</summary>
public static class PortalTlsKestrelExtensions
{
    /// <summary>Listens with TLS on <c>PORTAL_HTTPS</c>; does nothing when that is not set.</summary>
    /// <param name="kestrel">The server.</param>
    /// <param name="configure">What follows TLS.</param>
    public static KestrelServerOptions ListenPortalTls(this KestrelServerOptions kestrel, Action<ListenOptions>? configure = null)
    {
        var options = kestrel.ApplicationServices.GetRequiredService<PortalTlsOptions>();
        if (options.Address is { } address)
        {
            var certificate = kestrel.ApplicationServices.GetRequiredService<PortalCertificate>().Value!;
            kestrel.Listen(Parse(address), listen =>
            {
                listen.UseHttps(certificate);
                configure?.Invoke(listen);
            });
        }

        return kestrel;
    }

    private static IPEndPoint Parse(string address)
    {
        return IPEndPoint.TryParse(address, out var endPoint) && endPoint.Port > 0
            ? endPoint
            : throw new InvalidOperationException(
                $"PORTAL_HTTPS is '{address}', which is no address with a port. Examples: 0.0.0.0:8443, [::]:8443.");
    }
}
