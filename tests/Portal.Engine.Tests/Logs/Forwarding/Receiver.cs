using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Portal.Testing;

namespace Portal.Engine.Tests.Logs.Forwarding;

/// <summary>A receiver of logs in this process: packets, or a stream cut where the test says.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly byte? _end;
    private readonly Func<string, string?>? _answer;
    private readonly SslServerAuthenticationOptions? _tls;
    private readonly ConcurrentBag<Socket> _clients = [];
    private int _open;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _loop;
    private readonly string? _path;

    private Receiver(
        Socket socket, byte? end, Func<string, string?>? answer, string? path, SslServerAuthenticationOptions? tls = null)
    {
        _tls = tls;
        _socket = socket;
        _end = end;
        _answer = answer;
        _path = path;
        _loop = end is null && answer is null ? ReadPacketsAsync() : AcceptAsync();
    }

    public ConcurrentQueue<byte[]> Messages { get; } = new();

    public IEnumerable<string> Texts => Messages.Select(Encoding.Latin1.GetString);

    /// <summary>Subjects of the certificates that clients came with.</summary>
    public ConcurrentQueue<string> Subjects { get; } = new();

    /// <summary>How many connections were made.</summary>
    public int Connections => _clients.Count;

    /// <summary>How many of them are there still.</summary>
    public int Open => Volatile.Read(ref _open);

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

    /// <summary>
    /// Over TLS, where clients are asked for a certificate and none is refused: the test looks at <see cref="Subjects"/>.
    /// </summary>
    public static Receiver Tls(byte end, (string Certificate, string Key) files)
    {
        using var pem = X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);
        return Listen(0, end, null, new SslServerAuthenticationOptions
        {
            ServerCertificate = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null),
            ClientCertificateRequired = true,
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
        });
    }

    /// <summary>All that came is one text, to which something may be answered.</summary>
    public static Receiver Tcp(Func<string, string?> answer, int port = 0) => Listen(port, null, answer);

    public Task HasAsync(int count) => Eventually.HoldsAsync(() => Messages.Count >= count, $"{count} messages came ({Messages.Count} did)");

    /// <summary>Closes all connections; new ones are taken.</summary>
    public void Drop()
    {
        foreach (var client in _clients)
        {
            try
            {
                // The other side is told now; a socket that is being read is closed only after its reader has heard of it.
                client.Shutdown(SocketShutdown.Both);
            }
            catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
            {
                // It has ended before.
            }

            client.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _socket.Dispose();
        Drop();
        await _loop;
        _stopping.Dispose();
        if (_path is not null)
        {
            File.Delete(_path);
        }
    }

    private static Receiver Listen(
        int port, byte? end, Func<string, string?>? answer, SslServerAuthenticationOptions? tls = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        socket.Listen();
        return new Receiver(socket, end, answer, null, tls);
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
                _clients.Add(client);
                Interlocked.Increment(ref _open);
                clients.Add(UntilDisposedAsync(() => ReadStreamAsync(client)).ContinueWith(_ => Interlocked.Decrement(ref _open)));
            }
        });
        await Task.WhenAll(clients);
    }

    private async Task ReadStreamAsync(Socket client)
    {
        await using var stream = await OpenAsync(client);
        var buffer = new byte[64 * 1024];
        var rest = new List<byte>();
        while (await stream.ReadAsync(buffer, _stopping.Token) is var length and > 0)
        {
            rest.AddRange(buffer[..length]);
            if (_end is not { } end)
            {
                if (_answer!(Encoding.Latin1.GetString([.. rest])) is { } text)
                {
                    Messages.Enqueue([.. rest]);
                    rest.Clear();
                    await stream.WriteAsync(Encoding.Latin1.GetBytes(text), _stopping.Token);
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

    private async Task<Stream> OpenAsync(Socket client)
    {
        var plain = new NetworkStream(client, ownsSocket: true);
        if (_tls is null)
        {
            return plain;
        }

        var secure = new SslStream(plain);
        await secure.AuthenticateAsServerAsync(_tls, _stopping.Token);
        Subjects.Enqueue(secure.RemoteCertificate?.Subject ?? "");
        return secure;
    }

    private static async Task UntilDisposedAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException or ObjectDisposedException
            or IOException or AuthenticationException)
        {
            // The end of the test.
        }
    }
}
