using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Portal.Engine.Builds.Remotes;
using Portal.Engine.Linux.Interop;

namespace Portal.Engine.Linux.Builds;

/// <summary>
/// What the programs of a build connect to. Of the agent's protocol (draft-miller-ssh-agent) it passes on the list of keys and
/// signing, and answers "failure" to all else: no program adds, removes or locks keys.
/// </summary>
internal sealed class SshAgentSocket : IDisposable
{
    private const byte Failure = 5;
    private const byte ListKeys = 11;
    private const byte Sign = 13;
    private const int MostBytes = 256 * 1024;
    private const int MostClients = 64;
    private readonly string _path;
    private readonly SshAgentProcess _agent;
    private readonly Socket _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _places = new(MostClients);

    private SshAgentSocket(string path, SshAgentProcess agent, Socket listener)
    {
        _path = path;
        _agent = agent;
        _listener = listener;
    }

    public static SshAgentSocket Open(SshSocket place, SshAgentProcess agent)
    {
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            listener.Bind(new UnixDomainSocketEndPoint(place.Path));

            // The folder is root's alone until the socket is bound into the step, so nobody connects before this.
            using (var folder = FileCalls.OpenFolder(Path.GetDirectoryName(place.Path)!))
            {
                var name = Encoding.UTF8.GetBytes(Path.GetFileName(place.Path) + '\0');
                Check(FileCalls.TrySetOwnerAt(folder, name, place.UserId, place.GroupId), place.Path);
            }

            File.SetUnixFileMode(place.Path, (UnixFileMode)(place.Mode & 0x1FF));
            listener.Listen(MostClients);
        }
        catch
        {
            listener.Dispose();
            File.Delete(place.Path);
            throw;
        }

        var opened = new SshAgentSocket(place.Path, agent, listener);
        _ = opened.AcceptAsync(opened._stop.Token);
        return opened;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        File.Delete(_path);
        _agent.Dispose();
    }

    private static void Check(int error, string path)
    {
        if (error != 0)
        {
            throw new FileCallException(error, "set owner", path);
        }
    }

    private async Task AcceptAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
                var client = await _listener.AcceptAsync(cancellationToken).ConfigureAwait(false);
                _ = ServeAsync(client, cancellationToken);
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    private async Task ServeAsync(Socket client, CancellationToken cancellationToken)
    {
        try
        {
            using var agent = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await agent.ConnectAsync(new UnixDomainSocketEndPoint(_agent.SocketPath), cancellationToken).ConfigureAwait(false);
            var (from, to) = (new NetworkStream(client), new NetworkStream(agent));
            while (await ReadAsync(from, cancellationToken).ConfigureAwait(false) is { } request)
            {
                byte[]? answer = [Failure];
                if (request[0] is ListKeys or Sign)
                {
                    await WriteAsync(to, request, cancellationToken).ConfigureAwait(false);
                    answer = await ReadAsync(to, cancellationToken).ConfigureAwait(false);
                }

                if (answer is null)
                {
                    return;
                }

                await WriteAsync(from, answer, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException or SocketException)
        {
            // One of the two has gone.
        }
        finally
        {
            client.Dispose();
            _places.Release();
        }
    }

    /// <summary>One message without its length; null at the end, and for one that no agent would take.</summary>
    private static async Task<byte[]?> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var head = new byte[4];
        var read = await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        if (read < head.Length)
        {
            return null;
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(head);
        if (length is 0 or > MostBytes)
        {
            return null;
        }

        var message = new byte[length];
        await stream.ReadExactlyAsync(message, cancellationToken).ConfigureAwait(false);
        return message;
    }

    private static async Task WriteAsync(Stream stream, byte[] message, CancellationToken cancellationToken)
    {
        var framed = new byte[message.Length + 4];
        BinaryPrimitives.WriteUInt32BigEndian(framed, (uint)message.Length);
        message.CopyTo(framed.AsSpan(4));
        await stream.WriteAsync(framed, cancellationToken).ConfigureAwait(false);
    }
}
