using System.Net;
using Microsoft.AspNetCore.Connections;
using Portal.Agent.Link;
using Portal.Contracts.Link;

namespace Portal.Agent.Telemetry;

/// <summary>Gives SignalR's client its connections: WebSockets to the portal, proved like the reverse link.</summary>
internal sealed class TelemetryConnectionFactory(PortalConnector connector) : IConnectionFactory
{
    public async ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var (socket, identityChanged) = await connector
            .ConnectAsync(LinkProtocol.TelemetryPath, null, cancellationToken).ConfigureAwait(false);
        return new WebSocketTransport(socket, identityChanged);
    }
}
