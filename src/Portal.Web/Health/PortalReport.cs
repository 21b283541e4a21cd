using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Portal.Contracts.Systemd;

namespace Portal.Web.Health;

/// <summary>What the portal tells the service manager: it works while it answers over HTTP, with its database or without.</summary>
internal static class PortalReport
{
    public static ServiceReport Make(IServiceProvider services) => new(
        ServiceManager.FromEnvironment(),
        cancellationToken => PingAsync(services.GetRequiredService<IServer>(), cancellationToken),
        services.GetRequiredService<TimeProvider>(),
        services.GetRequiredService<ILogger<ServiceReport>>());

    /// <summary>Where a server answers over plain HTTP, seen from this machine: the address with the port that it got.</summary>
    public static Uri FindAddress(IServer server)
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()!.Addresses;
        var plain = new UriBuilder(addresses.First(address => address.StartsWith("http:", StringComparison.Ordinal)));
        if (IPAddress.TryParse(plain.Host.Trim('[', ']'), out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any)))
        {
            plain.Host = "127.0.0.1";
        }

        return plain.Uri;
    }

    // A connection of its own each time: whoever comes anew must be answered.
    private static async Task PingAsync(IServer server, CancellationToken cancellationToken)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(FindAddress(server), HealthEndpoints.LivePath));

        // Among the names that are never refused (PORTAL_HOSTS).
        request.Headers.Host = "localhost";
        using var answer = await client.SendAsync(request, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }
}
