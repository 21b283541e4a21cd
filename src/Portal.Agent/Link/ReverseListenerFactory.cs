using System.Net;
using Microsoft.AspNetCore.Connections;
using Portal.Agent.Link.Portals;

namespace Portal.Agent.Link;

/// <summary>Makes Kestrel serve on connections that the agent dials.</summary>
internal sealed class ReverseListenerFactory(ReverseConnections connections)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    public bool CanBind(EndPoint endpoint) => endpoint is ReverseEndPoint;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        return ValueTask.FromResult<IConnectionListener>(new ReverseListener(endpoint, connections));
    }
}
