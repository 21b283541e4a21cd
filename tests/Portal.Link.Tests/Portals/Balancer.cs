using System.Net;
using System.Net.Sockets;

namespace Portal.Link.Tests.Portals;

/// <summary>A load balancer of the simplest kind: each connection goes to the next portal that listens, or all to the first that does.</summary>
internal sealed class Balancer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _accepting;
    private int _next;

    public Balancer(params Uri[] portals)
    {
        Portals = portals;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where it sends to; may be replaced.</summary>
    public IReadOnlyList<Uri> Portals { get; set; }

    /// <summary>Whether it begins with the first each time, as one does that goes by the client's address.</summary>
    public bool Sticks { get; set; }

    public Uri Url => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptSocketAsync(_stopping.Token));
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using (client)
        using (var portal = await DialAsync())
        {
            if (portal is not null)
            {
                await Task.WhenAny(PumpAsync(client, portal), PumpAsync(portal, client));
            }
        }
    }

    private async Task<Socket?> DialAsync()
    {
        var first = Sticks ? 0 : Interlocked.Increment(ref _next);
        for (var index = 0; index < Portals.Count; index++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, Portals[(first + index) % Portals.Count].Port, _stopping.Token);
                return socket;
            }
            catch (Exception failure) when (failure is SocketException or OperationCanceledException)
            {
                socket.Dispose();
            }
        }

        return null;
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            int count;
            while ((count = await from.ReceiveAsync(buffer, SocketFlags.None, _stopping.Token)) > 0)
            {
                await to.SendAsync(buffer.AsMemory(0, count), SocketFlags.None, _stopping.Token);
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // One side is gone: so is the other.
        }
    }
}
