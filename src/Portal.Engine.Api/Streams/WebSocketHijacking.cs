using System.IO.Pipelines;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Portal.Engine.Errors;

namespace Portal.Engine.Api.Streams;

/// <summary>Answers a request by turning its connection into a WebSocket (RFC 6455) whose messages are the bytes of a stream.</summary>
internal static class WebSocketHijacking
{
    private const string Version = "13";
    private const int KeyLength = 16;

    // RFC 6455, section 1.3.
    private const string Magic = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private static readonly TimeSpan s_keepAlive = TimeSpan.FromSeconds(30);

    /// <summary>Refuses a request that is no opening handshake, before anything is done for it.</summary>
    /// <exception cref="EngineException">InvalidArgument: it is none.</exception>
    public static void Validate(HttpRequest request)
    {
        if (!request.Headers.Upgrade.ToString().Contains("websocket", StringComparison.OrdinalIgnoreCase)
            || !request.Headers.Connection.ToString().Contains("upgrade", StringComparison.OrdinalIgnoreCase))
        {
            throw EngineException.InvalidArgument("not websocket protocol: the headers Upgrade and Connection ask for none");
        }

        if (request.Headers.SecWebSocketVersion != Version)
        {
            throw EngineException.InvalidArgument("missing or bad WebSocket Version: 13 is known here");
        }

        Span<byte> key = stackalloc byte[KeyLength];
        if (!Convert.TryFromBase64String(request.Headers.SecWebSocketKey.ToString(), key, out var length) || length != KeyLength)
        {
            throw EngineException.InvalidArgument("missing or bad Sec-WebSocket-Key: it is 16 bytes in base64");
        }
    }

    /// <summary>Answers 101. Each write is one binary message; of the client's messages, the kind means nothing.</summary>
    public static async Task<HijackedConnection> HijackAsync(HttpContext context)
    {
        var head = new StringBuilder("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n")
            .Append("Sec-WebSocket-Accept: ").Append(Accept(context.Request.Headers.SecWebSocketKey.ToString())).Append("\r\n\r\n");
        var connection = context.Features.Get<DockerConnection>()!;
        var raw = await connection.HijackAsync(Encoding.ASCII.GetBytes(head.ToString()), context.RequestAborted).ConfigureAwait(false);
        var socket = WebSocket.CreateFromStream(
            new DuplexPipeStream(raw), new WebSocketCreationOptions { IsServer = true, KeepAliveInterval = s_keepAlive });
        var messages = WebSocketStream.Create(socket, WebSocketMessageType.Binary, ownsWebSocket: true);
        return new HijackedConnection(
            PipeReader.Create(messages, new StreamPipeReaderOptions(leaveOpen: true)),
            PipeWriter.Create(messages),
            token => CloseAsync(socket, token));
    }

    private static async Task CloseAsync(WebSocket socket, CancellationToken cancellationToken)
    {
        try
        {
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is WebSocketException or IOException)
        {
            // The client is gone.
        }
    }

    private static string Accept(string key)
    {
#pragma warning disable CA5350 // The protocol says so; it proves that the server speaks it, and nothing else.
        return Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + Magic)));
#pragma warning restore CA5350
    }
}
