using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Portal.Engine.Api.Routing;

namespace Portal.Engine.Api.Streams;

/// <summary>
/// A connection of Docker's API that a request can take away from HTTP, as Go's <c>http.Hijacker</c> does.
/// </summary>
/// <remarks>
/// <para>
/// Kestrel's own upgrade does not serve: it refuses to upgrade requests with a body (<c>POST /exec/{id}/start</c> has one), can't
/// answer 200 with raw bytes, and aborts the connection as soon as the client ends its side, while <c>docker run -i</c> with piped input
/// ends its side first and then reads on. So this sits between the socket and Kestrel: Kestrel sees a connection that
/// is never closed by the peer (<see cref="PeerClosed"/> tells ordinary requests), and after <see cref="HijackAsync"/> it
/// sees one that has ended, while the socket's pipes belong to the request alone.
/// </para>
/// <para>One per connection; it is a feature of its requests.</para>
/// </remarks>
internal sealed class DockerConnection : ConnectionContext
{
    private readonly ConnectionContext _socket;
    private readonly DetachableReader _reader;
    private readonly DetachableWriter _writer;
    private readonly CancellationTokenSource _closed = new();

    public DockerConnection(ConnectionContext socket)
    {
        _socket = socket;
        _reader = new DetachableReader(socket.Transport.Input);
        _writer = new DetachableWriter(socket.Transport.Output);
        Transport = new DuplexPipe(_reader, _writer);
        PeerClosed = socket.ConnectionClosed;
        ConnectionClosed = _closed.Token;
        socket.Features.Set(this);
    }

    public override IDuplexPipe Transport { get; set; }

    public override string ConnectionId
    {
        get => _socket.ConnectionId;
        set => _socket.ConnectionId = value;
    }

    public override IFeatureCollection Features => _socket.Features;

    public override IDictionary<object, object?> Items
    {
        get => _socket.Items;
        set => _socket.Items = value;
    }

    /// <summary>Signalled when the client has ended its side, wholly or for writing alone.</summary>
    public CancellationToken PeerClosed { get; }

    /// <summary>The names by which requests may call this host; null on a Unix socket, which no name leads to.</summary>
    public DockerHostNames? Names { get; init; }

    /// <summary>True from the moment that a request took the connection.</summary>
    public bool IsHijacked { get; private set; }

    /// <summary>Takes the connection. The request's body must have been read; nothing may have been answered.</summary>
    /// <param name="head">The answer's head, as it goes on the wire.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<HijackedConnection> HijackAsync(ReadOnlyMemory<byte> head, CancellationToken cancellationToken)
    {
        IsHijacked = true;
        _reader.Detach();
        _writer.Detach();
        var output = _socket.Transport.Output;
        await output.WriteAsync(head, cancellationToken).ConfigureAwait(false);
        return new HijackedConnection(_socket.Transport.Input, output);
    }

    /// <summary>
    /// Kestrel's HTTP part calls this. Once the connection was taken from it, its opinion (such as "the client has closed") would
    /// cut off what is still being sent; whoever took the connection ends it. A server that stops aborts the socket beneath.
    /// </summary>
    public override void Abort(ConnectionAbortedException abortReason)
    {
        if (!IsHijacked)
        {
            _socket.Abort(abortReason);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync().ConfigureAwait(false);
        _closed.Dispose();
        await _socket.DisposeAsync().ConfigureAwait(false);
    }

    private sealed record DuplexPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
