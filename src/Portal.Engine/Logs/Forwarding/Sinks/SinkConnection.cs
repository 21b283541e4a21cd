using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;

namespace Portal.Engine.Logs.Forwarding.Sinks;

/// <summary>A connection to a receiver that is made when something is sent, and anew after a failure.</summary>
internal sealed class SinkConnection(SinkAddress address, SinkTls? tls = null) : IAsyncDisposable
{
    private const int Refuse = 512;
    private Socket? _socket;
    private Stream? _stream;
    private Task? _listening;
    private long _madeAt;

    /// <summary>A receiver that takes nothing for so long is as good as gone.</summary>
    public static TimeSpan UsualPatience { get; } = TimeSpan.FromSeconds(10);

    /// <summary>How long making a connection, or sending, may take.</summary>
    public TimeSpan Patience { get; init; } = UsualPatience;

    /// <summary>How old a connection gets before it is made anew, for receivers whose names move; null for as long as it lasts.</summary>
    public TimeSpan? LongestAge { get; init; }

    /// <summary>True when the receiver's answers are read with <see cref="ReceiveAsync"/>.</summary>
    public bool IsAnswered { get; init; }

    /// <summary>Connects, unless that is done.</summary>
    /// <exception cref="IOException">It could not.</exception>
    public Task ConnectAsync(CancellationToken cancellationToken) => UseAsync(_ => Task.CompletedTask, cancellationToken);

    /// <summary>Sends one packet, or bytes of a stream.</summary>
    /// <exception cref="IOException">They could not be sent; the connection is closed.</exception>
    public Task SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        return UseAsync(
            async token =>
            {
                if (_stream is null)
                {
                    await _socket!.SendAsync(data, token).ConfigureAwait(false);
                    return;
                }

                await _stream.WriteAsync(data, token).ConfigureAwait(false);
                await _stream.FlushAsync(token).ConfigureAwait(false);
            },
            cancellationToken);
    }

    /// <summary>Reads what the receiver answers, at most as much as fits.</summary>
    /// <exception cref="IOException">It answered nothing in time, or closed the connection.</exception>
    public async Task<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var read = 0;
        await UseAsync(
            async token => read = await _stream!.ReadAsync(buffer, token).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        return read > 0 ? read : throw new IOException("The receiver closed the connection.");
    }

    public async ValueTask DisposeAsync() => await CloseAsync().ConfigureAwait(false);

    private async Task UseAsync(Func<CancellationToken, Task> use, CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(Patience);
        try
        {
            if (_socket is null || IsOld() || HasEnded())
            {
                await CloseAsync().ConfigureAwait(false);
                await MakeAsync(limited.Token).ConfigureAwait(false);
            }

            await use(limited.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is SocketException or IOException or AuthenticationException or CryptographicException
            || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            await CloseAsync().ConfigureAwait(false);
            throw new IOException($"Sending to {address.Protocol}://{address.Host}:{address.Port} failed: {failure.Message}", failure);
        }
    }

    // A receiver that closed its end takes one more write without complaint, and that would be lost.
    private bool HasEnded()
    {
        try
        {
            return _listening is { IsCompleted: true } || (_stream is not null && IsAtEnd(_socket!));
        }
        catch (SocketException)
        {
            return true;
        }
    }

    // An end stays readable, with nothing to read. Below TLS who listens may have read between two of these questions what was there at the
    // first; and on a busy host hears of an end only after the next line would be lost.
    private static bool IsAtEnd(Socket socket)
    {
        return socket.Poll(0, SelectMode.SelectRead) && socket.Available == 0 && socket.Poll(0, SelectMode.SelectRead);
    }

    private async Task MakeAsync(CancellationToken cancellationToken)
    {
        var type = address.IsDatagram ? SocketType.Dgram : SocketType.Stream;
        if (address.IsPath)
        {
            _socket = new Socket(AddressFamily.Unix, type, ProtocolType.Unspecified);
            await _socket.ConnectAsync(new UnixDomainSocketEndPoint(address.Host), cancellationToken).ConfigureAwait(false);
        }
        else
        {
            _socket = new Socket(type, address.IsDatagram ? ProtocolType.Udp : ProtocolType.Tcp);
            await _socket.ConnectAsync(address.Host, address.Port, cancellationToken).ConfigureAwait(false);
        }

        if (!address.IsDatagram)
        {
            _stream = new NetworkStream(_socket, ownsSocket: false);
            _stream = tls is null ? _stream : await tls.AuthenticateAsync(_stream, address.Host, cancellationToken).ConfigureAwait(false);
            _listening = tls is null || IsAnswered ? null : ListenAsync(_stream);
        }

        _madeAt = Environment.TickCount64;
    }

    // Below TLS a socket tells nothing of an end, or of a certificate of ours that was refused: its tickets wait there as well.
    private static async Task ListenAsync(Stream stream)
    {
        var unwanted = new byte[Refuse];
        while (await stream.ReadAsync(unwanted).ConfigureAwait(false) > 0)
        {
            continue;
        }
    }

    private bool IsOld() => LongestAge is { } age && Environment.TickCount64 - _madeAt >= age.TotalMilliseconds;

    private async Task CloseAsync()
    {
        if (_stream is not null)
        {
            await _stream.DisposeAsync().ConfigureAwait(false);
            _stream = null;
        }

        _socket?.Dispose();
        _socket = null;
        if (_listening is not null)
        {
            // A failure of it is an end as good as any other.
            await _listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _listening = null;
        }
    }
}
