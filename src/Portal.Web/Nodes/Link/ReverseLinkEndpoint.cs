using Portal.Contracts.Link;

namespace Portal.Web.Nodes.Link;

/// <summary>Takes an agent's WebSocket and makes it the portal's way to that node.</summary>
internal static class ReverseLinkEndpoint
{
    public static async Task HandleAsync(HttpContext context, NodeLinks links, IHostApplicationLifetime lifetime)
    {
        if (!context.WebSockets.IsWebSocketRequest
            || !context.WebSockets.WebSocketRequestedProtocols.Contains(LinkProtocol.ReverseSubprotocol))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync(
            new WebSocketAcceptContext
            {
                SubProtocol = LinkProtocol.ReverseSubprotocol,

                // HTTP/2 pings on it keep proxies awake and find dead peers.
                KeepAliveInterval = Timeout.InfiniteTimeSpan,
            });
        await using var stream = new LinkStream(socket);
        using var link = new NodeLink(context.User.GetNodeId(), context.User.GetKeyFingerprint(), stream);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted, lifetime.ApplicationStopping);
        await links.RunAsync(link, ending.Token);
    }
}
