using System.Net.Sockets;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Runtime;

namespace Portal.Engine.Linux.Runtime.Conmon;

/// <summary>
/// A connection to conmon's attach socket. Each packet from it is one byte for the stream (2 output, 3 error) and the bytes; each
/// packet to it is input. The end of our sending side ends the process's input, when the monitor was told so.
/// </summary>
internal sealed class MonitorStreams : IProcessStreams
{
    // conmon reads input into a buffer of 8 KiB at least; what a packet has beyond that is lost.
    private const int LargestInput = 8 * 1024;
    private const int LargestPacket = 64 * 1024;
    private const byte ErrorMark = 3;

    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[LargestPacket];
    private int _inputClosed;

    private MonitorStreams(Socket socket, bool terminal)
    {
        _socket = socket;
        IsTerminal = terminal;
    }

    public bool IsTerminal { get; }

    /// <exception cref="SocketException">Nobody listens there.</exception>
    public static async Task<MonitorStreams> ConnectAsync(ProcessFolder folder, bool terminal, CancellationToken cancellationToken)
    {
        // A socket's path holds 107 bytes (unix(7)); through an open folder any path is short enough.
        using var root = FileCalls.OpenFolder(folder.Root);
        var endpoint = new UnixDomainSocketEndPoint($"/proc/self/fd/{root.DangerousGetHandle()}/{folder.AttachSocketName}");
        var socket = new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(endpoint, cancellationToken).ConfigureAwait(false);
            return new MonitorStreams(socket, terminal);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public async ValueTask<OutputChunk?> ReadAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            try
            {
                var read = await _socket.ReceiveAsync(_buffer, SocketFlags.None, cancellationToken).ConfigureAwait(false);
                if (read == 0)
                {
                    return null;
                }

                if (read > 1)
                {
                    var source = !IsTerminal && _buffer[0] == ErrorMark ? OutputSource.Stderr : OutputSource.Stdout;
                    return new OutputChunk(source, _buffer.AsMemory(1, read - 1));
                }
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
            {
                // The monitor went with input of ours unread. The kernel says so once and then gives what was sent
                // before, so read on.
            }
        }
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> input, CancellationToken cancellationToken = default)
    {
        try
        {
            while (input.Length > 0)
            {
                var piece = input[..Math.Min(input.Length, LargestInput)];
                await _socket.SendAsync(piece, SocketFlags.None, cancellationToken).ConfigureAwait(false);
                input = input[piece.Length..];
            }
        }
        catch (SocketException exception)
        {
            throw new IOException("The process has ended or closed its input.", exception);
        }
    }

    public ValueTask CloseInputAsync(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _inputClosed, 1) == 0)
        {
            try
            {
                _socket.Shutdown(SocketShutdown.Send);
            }
            catch (SocketException exception) when (exception.SocketErrorCode is SocketError.NotConnected or SocketError.ConnectionReset)
            {
                // The process has ended: its input has too.
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
