using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Portal.Link.Tests.Environment;

/// <summary>
/// A stretch of network between agent and portal that can go dead, as a pulled cable does: nothing passes and nobody is told. Or break, as a restarted
/// proxy does: every connection is reset.
/// </summary>
internal sealed class CuttableProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<Socket, bool> _sockets = new();
    private readonly Uri _target;
    private readonly Task _accepting;
    private volatile TaskCompletionSource _open = new();

    public CuttableProxy(Uri target)
    {
        _target = target;
        _open.SetResult();
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Url => new($"{_target.Scheme}://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>From now on nothing passes. Connections stand, and new ones are taken, but silent.</summary>
    public void GoDead() => _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void ComeBack() => _open.TrySetResult();

    public void Reset()
    {
        foreach (var socket in _sockets.Keys)
        {
            socket.Close(0);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        Reset();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_stopping.Token);
                _ = RelayAsync(client);
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task RelayAsync(Socket client)
    {
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using (client)
        {
            _sockets[client] = true;
            _sockets[server] = true;
            try
            {
                await _open.Task.WaitAsync(_stopping.Token);
                await server.ConnectAsync(IPAddress.Loopback, _target.Port, _stopping.Token);
                await Task.WhenAny(PumpAsync(client, server), PumpAsync(server, client));
            }
            catch (Exception failure) when (failure is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // One side is gone: so is the other.
            }

            _sockets.TryRemove(client, out _);
            _sockets.TryRemove(server, out _);
        }
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (true)
            {
                var count = await from.ReceiveAsync(buffer, SocketFlags.None, _stopping.Token);
                await _open.Task.WaitAsync(_stopping.Token);
                if (count == 0)
                {
                    return;
                }

                await to.SendAsync(buffer.AsMemory(0, count), SocketFlags.None, _stopping.Token);
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // One side is gone: so is the other.
        }
    }
}
