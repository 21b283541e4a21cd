using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Portal.Engine.Linux.Interop.Spawning;

/// <summary>
/// One end of a socketpair(2) for us, as a <see cref="Socket"/> that awaits without a thread, and the other end to
/// hand to a child.
/// Stands in for a pipe, which .NET reads only by blocking.
/// </summary>
internal sealed partial class ChildChannel : IDisposable
{
    private const int UnixFamily = 1;
    private const int StreamType = 1;
    private const int CloseOnExec = 0x80000;
    private const int DuplicateCloseOnExec = 1030;

    private int _child;
    private ReadOnlyMemory<byte> _unread;

    private ChildChannel(Socket socket, int child)
    {
        Socket = socket;
        _child = child;
    }

    /// <summary>Our end.</summary>
    public Socket Socket { get; }

    /// <summary>The child's end, at least <see cref="Spawner.LowestSource"/>.</summary>
    public int Child => _child;

    public static ChildChannel Create()
    {
        var pair = new int[2];
        if (Native.SocketPair(UnixFamily, StreamType | CloseOnExec, 0, pair) != 0)
        {
            throw FileCalls.Failure("make", "socket pair");
        }

        var child = pair[1];
        if (child < Spawner.LowestSource)
        {
            child = Native.FileControl(pair[1], DuplicateCloseOnExec, Spawner.LowestSource);
            var failure = child < 0 ? FileCalls.Failure("duplicate", "socket") : null;
            ProcessCalls.Close(pair[1]);
            if (failure is not null)
            {
                ProcessCalls.Close(pair[0]);
                throw failure;
            }
        }

        return new ChildChannel(new Socket(new SafeSocketHandle(pair[0], ownsHandle: true)), child);
    }

    /// <summary>
    /// Closes our copy of the child's end, after the child has its own: only then does its end show as end-of-file
    /// here.
    /// </summary>
    public void CloseChildEnd()
    {
        var child = Interlocked.Exchange(ref _child, -1);
        if (child >= 0)
        {
            ProcessCalls.Close(child);
        }
    }

    /// <summary>Reads to the end, keeping at most <paramref name="limit"/> bytes.</summary>
    public async Task<string> ReadToEndAsync(int limit, CancellationToken cancellationToken)
    {
        var kept = new MemoryStream();
        var buffer = new byte[4096];
        int read;
        while ((read = await ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            kept.Write(buffer, 0, Math.Min(read, limit - (int)kept.Length));
        }

        return Encoding.UTF8.GetString(kept.GetBuffer(), 0, (int)kept.Length);
    }

    /// <summary>
    /// Reads up to and without the next line feed; null at the end. Lines longer than <paramref name="limit"/> end
    /// the reading.
    /// </summary>
    public async Task<byte[]?> ReadLineAsync(int limit, CancellationToken cancellationToken)
    {
        var line = new MemoryStream();
        while (line.Length < limit)
        {
            var end = _unread.Span.IndexOf((byte)'\n');
            var taken = end >= 0 ? end : _unread.Length;
            line.Write(_unread.Span[..taken]);
            _unread = _unread[(end >= 0 ? end + 1 : taken)..];
            if (end >= 0)
            {
                return line.ToArray();
            }

            var buffer = new byte[512];
            var read = await ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                break;
            }

            _unread = buffer.AsMemory(0, read);
        }

        return line.Length == 0 ? null : line.ToArray();
    }

    public void Dispose()
    {
        CloseChildEnd();
        Socket.Dispose();
    }

    private async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await Socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
        {
            // The other side went with bytes of ours unread: its end all the same.
            return 0;
        }
    }

    private static partial class Native
    {
        [LibraryImport("libc", EntryPoint = "socketpair", SetLastError = true)]
        public static partial int SocketPair(int family, int type, int protocol, [Out] int[] pair);

        [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
        public static partial int FileControl(int descriptor, int command, int argument);
    }
}
