using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Grpc.Core;
using Portal.Contracts.Link;
using Portal.Contracts.Permissions;
using Portal.Contracts.System.V1;
using Portal.Web.Nodes.Presence;
using Portal.Web.Nodes.Storage;

namespace Portal.Web.Nodes.Link;

/// <summary>The reverse connections that stand now, one a node at most: a new one replaces the old.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed partial class NodeLinks(Fleet fleet, INodeStore store, TimeProvider time, ILogger<NodeLinks> logger)
{
    private static readonly TimeSpan s_pingInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_pingDeadline = TimeSpan.FromSeconds(8);
    private static readonly Metadata s_pingHeaders = new() { { LinkProtocol.PermissionHeader, PermissionNames.NodesView } };

    private readonly ConcurrentDictionary<Guid, NodeLink> _links = new();

    public bool TryGet(Guid nodeId, [NotNullWhen(true)] out NodeLink? link) => _links.TryGetValue(nodeId, out link);

    /// <summary>Serves a connection until it is over.</summary>
    public async Task RunAsync(NodeLink link, CancellationToken cancellationToken)
    {
        using var cut = cancellationToken.Register(link.Cut);
        Replace(link);
        LogUp(link.NodeId);
        try
        {
            // Whoever removes a node cuts the link that is listed: a removal between its proof and this line has found none.
            if (await store.FindAsync(link.NodeId, cancellationToken) is { } node)
            {
                fleet.AddIfNew(node);
                await MeasureAsync(link, cancellationToken);
            }
        }
        finally
        {
            // Only if it is still this one: a successor has announced itself already.
            if (_links.TryRemove(KeyValuePair.Create(link.NodeId, link)))
            {
                fleet.SetLink(link.NodeId, null);
            }

            LogDown(link.NodeId);
        }
    }

    /// <summary>Cuts a node off at once.</summary>
    public void Cut(Guid nodeId)
    {
        if (_links.TryGetValue(nodeId, out var link))
        {
            link.Cut();
        }
    }

    private void Replace(NodeLink link)
    {
        NodeLink? old = null;
        _links.AddOrUpdate(link.NodeId, link, (_, previous) =>
        {
            old = previous;
            return link;
        });
        old?.Cut();
    }

    /// <summary>Calls the node again and again: the first answer makes the link, each one tells the round trip.</summary>
    private async Task MeasureAsync(NodeLink link, CancellationToken cancellationToken)
    {
        var client = new SystemService.SystemServiceClient(link.Invoker);
        while (!link.Ended.IsCompleted && !cancellationToken.IsCancellationRequested)
        {
            var started = time.GetTimestamp();
            try
            {
                var deadline = time.GetUtcNow() + s_pingDeadline;
                await client.PingAsync(new PingRequest(), s_pingHeaders, deadline.UtcDateTime, cancellationToken);
                if (_links.TryGetValue(link.NodeId, out var current) && current == link)
                {
                    fleet.SetLink(link.NodeId, time.GetElapsedTime(started));
                }
            }
            catch (RpcException failure)
            {
                // HTTP/2 pings say nothing when the connection could not even begin.
                LogNoAnswer(link.NodeId, failure.StatusCode);
                link.Cut();
                return;
            }

            await Task.WhenAny(link.Ended, Task.Delay(s_pingInterval, time, cancellationToken));
        }
    }
}
