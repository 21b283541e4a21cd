using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Portal.Web.Features.Docker.Connections;

/// <summary>
/// A connection that a request can take away from HTTP/1.1, as docker's <c>attach</c> and <c>exec</c> do. Kestrel's own upgrade does not
/// serve: it refuses requests with a body, which <c>POST /exec/{id}/start</c> has, and cuts the connection as soon as the client ends its
/// side, while <c>echo | docker run -i</c> ends its side first and then reads on.
/// </summary>
/// <remarks>One per connection; it is a feature of its requests. Until one asks for more it passes all on.</remarks>
internal sealed class TakeableConnection : ConnectionContext
{
    private readonly ConnectionContext _inner;
    private readonly TakeableReader _reader;
    private readonly TakeableWriter _writer;
    private readonly CancellationTokenSource _closed = new();
    private readonly CancellationTokenRegistration _registration;
    private volatile bool _held;

    public TakeableConnection(ConnectionContext inner)
    {
        _inner = inner;
        _reader = new TakeableReader(inner.Transport.Input);
        _writer = new TakeableWriter(inner.Transport.Output);
        Transport = new Duplex(_reader, _writer);
        ConnectionClosed = _closed.Token;
        _registration = inner.ConnectionClosed.UnsafeRegister(_ => OnInnerClosed(), null);
        inner.Features.Set(this);
    }

    public override IDuplexPipe Transport { get; set; }

    public override string ConnectionId
    {
        get => _inner.ConnectionId;
        set => _inner.ConnectionId = value;
    }

    public override IFeatureCollection Features => _inner.Features;

    public override IDictionary<object, object?> Items
    {
        get => _inner.Items;
        set => _inner.Items = value;
    }

    public override EndPoint? LocalEndPoint
    {
        get => _inner.LocalEndPoint;
        set => _inner.LocalEndPoint = value;
    }

    public override EndPoint? RemoteEndPoint
    {
        get => _inner.RemoteEndPoint;
        set => _inner.RemoteEndPoint = value;
    }

    /// <summary>From now on the end of the client's side ends nothing by itself. Before the client can know that it may speak.</summary>
    public void Hold() => _held = true;

    /// <summary>The connection is the server's again, whose end is the client's.</summary>
    public void Release()
    {
        _held = false;
        if (_inner.ConnectionClosed.IsCancellationRequested)
        {
            OnInnerClosed();
        }
    }

    /// <summary>Takes the connection: for the server it has ended. The request's body has been read, and nothing was answered.</summary>
    public IDuplexPipe Take()
    {
        _reader.IsTaken = true;
        _writer.IsTaken = true;
        return new Duplex(_inner.Transport.Input, _inner.Transport.Output);
    }

    public override void Abort(ConnectionAbortedException abortReason)
    {
        // Once it was taken, whoever took it ends it; a server that stops aborts what is beneath.
        if (!_reader.IsTaken)
        {
            _inner.Abort(abortReason);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await _registration.DisposeAsync();
        _closed.Dispose();
    }

    private void OnInnerClosed()
    {
        if (!_held)
        {
            _closed.Cancel();
        }
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
