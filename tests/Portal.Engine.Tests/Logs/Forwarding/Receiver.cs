using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Portal.Testing;

namespace Portal.Engine.Tests.Logs.Forwarding;

/// <summary>A receiver of logs in this process: packets, or a stream cut where the test says.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly byte? _end;
    private readonly Func<string, string?>? _answer;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _loop;
    private readonly string? _path;

    private Receiver(Socket socket, byte? end, Func<string, string?>? answer, string? path)
    {
        _socket = socket;
        _end = end;
        _answer = answer;
        _path = path;
        _loop = end is null && answer is null ? ReadPacketsAsync() : AcceptAsync();
    }

    public ConcurrentQueue<byte[]> Messages { get; } = new();

    public IEnumerable<string> Texts => Messages.Select(Encoding.Latin1.GetString);

    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    public static Receiver Udp()
    {
        var socket = new Socket(SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return new Receiver(socket, null, null, null);
    }

    public static Receiver UnixPackets(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        return new Receiver(socket, null, null, path);
    }

    /// <summary>Messages end with a byte.</summary>
    public static Receiver Tcp(byte end, int port = 0) => Listen(port, end, null);

    /// <summary>All that came is one text, to which something may be answered.</summary>
    public static Receiver Tcp(Func<string, string?> answer) => Listen(0, null, answer);

    public Task HasAsync(int count) => Eventually.HoldsAsync(() => Messages.Count >= count, $"{count} messages came ({Messages.Count} did)");

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _socket.Dispose();
        await _loop;
        _stopping.Dispose();
        if (_path is not null)
        {
            File.Delete(_path);
        }
    }

    private static Receiver Listen(int port, byte? end, Func<string, string?>? answer)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        socket.Listen();
        return new Receiver(socket, end, answer, null);
    }

    private async Task ReadPacketsAsync()
    {
        var buffer = new byte[128 * 1024];
        await UntilDisposedAsync(async () =>
        {
            while (true)
            {
                var length = await _socket.ReceiveAsync(buffer, _stopping.Token);
                Messages.Enqueue(buffer[..length]);
            }
        });
    }

    private async Task AcceptAsync()
    {
        var clients = new List<Task>();
        await UntilDisposedAsync(async () =>
        {
            while (true)
            {
                var client = await _socket.AcceptAsync(_stopping.Token);
                clients.Add(UntilDisposedAsync(() => ReadStreamAsync(client)));
            }
        });
        await Task.WhenAll(clients);
    }

    private async Task ReadStreamAsync(Socket client)
    {
        using var owned = client;
        var buffer = new byte[64 * 1024];
        var rest = new List<byte>();
        while (await client.ReceiveAsync(buffer, _stopping.Token) is var length and > 0)
        {
            rest.AddRange(buffer[..length]);
            if (_end is not { } end)
            {
                if (_answer!(Encoding.Latin1.GetString([.. rest])) is { } text)
                {
                    Messages.Enqueue([.. rest]);
                    rest.Clear();
                    await client.SendAsync(Encoding.Latin1.GetBytes(text), _stopping.Token);
                }

                continue;
            }

            while (rest.IndexOf(end) is var at and >= 0)
            {
                Messages.Enqueue([.. rest.Take(at)]);
                rest.RemoveRange(0, at + 1);
            }
        }
    }

    private static async Task UntilDisposedAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end of the test.
        }
    }
}
