using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;

namespace Portal.Engine.Logs.Forwarding.Sinks;

/// <summary>A connection to a receiver that is made when something is sent, and anew after a failure.</summary>
internal sealed class SinkConnection(SinkAddress address, SinkTls? tls = null) : IAsyncDisposable
{
    // A receiver that takes nothing for so long is as good as gone.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private Socket? _socket;
    private Stream? _stream;

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
        limited.CancelAfter(s_patience);
        try
        {
            if (_socket is null || HasEnded())
            {
                await CloseAsync().ConfigureAwait(false);
                await ConnectAsync(limited.Token).ConfigureAwait(false);
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
            return _stream is not null and not SslStream && _socket!.Poll(0, SelectMode.SelectRead) && _socket.Available == 0;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    private async Task ConnectAsync(CancellationToken cancellationToken)
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
        }
    }

    private async Task CloseAsync()
    {
        if (_stream is not null)
        {
            await _stream.DisposeAsync().ConfigureAwait(false);
            _stream = null;
        }

        _socket?.Dispose();
        _socket = null;
    }
}
