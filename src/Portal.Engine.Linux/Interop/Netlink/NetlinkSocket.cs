using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Portal.Engine.Linux.Interop.Threads;

namespace Portal.Engine.Linux.Interop.Netlink;

/// <summary>
/// A netlink socket (netlink(7)). It belongs to the network namespace of the thread that opened it, whichever thread uses it
/// later. One request at a time; not thread-safe.
/// </summary>
internal sealed partial class NetlinkSocket : IDisposable
{
    public const int Route = 0;
    public const int Netfilter = 12;

    private const ushort MessageError = 2;
    private const ushort MessageDone = 3;
    private const ushort FlagDumpInterrupted = 0x10;
    private const int HeaderLength = 16;

    // With hundreds of containers a list has dozens of parts, and one that starts or ends between two of them spoils it.
    private const int DumpAttempts = 200;

    // The kernel fills dumps into at most 32 KiB (NLMSG_GOODSIZE, net/netlink/af_netlink.c).
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(64 << 10);
    private readonly SafeFileHandle _handle;
    private uint _sequence;

    private NetlinkSocket(SafeFileHandle handle)
    {
        _handle = handle;
    }

    /// <summary>Receives one message of a dump.</summary>
    public delegate void MessageReader(ushort type, ReadOnlySpan<byte> content);

    public static NetlinkSocket Open(int protocol = Route)
    {
        const int addressFamily = 16;
        const int rawCloseOnExec = 3 | 0x80000;
        var handle = Native.Socket(addressFamily, rawCloseOnExec, protocol);
        return handle.IsInvalid
            ? throw new NetlinkException(Marshal.GetLastPInvokeError(), "open a netlink socket")
            : new NetlinkSocket(handle);
    }

    /// <summary>One that speaks over an open socket, which may be somebody else's than the kernel's.</summary>
    public static NetlinkSocket Over(SafeFileHandle socket) => new(socket);

    /// <summary>Sends a request and waits until the kernel has done it.</summary>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public void Execute(NetlinkRequest request)
    {
        var error = TryExecute(request);
        if (error != 0)
        {
            throw new NetlinkException(error, request.What);
        }
    }

    /// <summary>Sends a request and waits for its end; returns an error number, or 0.</summary>
    /// <param name="request">What to do.</param>
    /// <param name="reader">Receives objects that were asked for.</param>
    public int TryExecute(NetlinkRequest request, MessageReader? reader = null)
    {
        Send(request, NetlinkFlags.Acknowledge);
        int? result = null;
        while (result is null)
        {
            ReadDatagram(request.What, (type, _, content) =>
            {
                if (type == MessageError)
                {
                    result = ErrorOf(content);
                }
                else
                {
                    reader?.Invoke(type, content);
                }
            });
        }

        return result.Value;
    }

    /// <summary>Asks for all objects of a kind. Repeated when they changed meanwhile, so <paramref name="restart"/> may come.</summary>
    /// <exception cref="NetlinkException">The kernel refused, or they changed all the time (EBUSY).</exception>
    public void Dump(NetlinkRequest request, Action restart, MessageReader reader)
    {
        for (var attempt = 0; attempt < DumpAttempts; attempt++)
        {
            restart();
            if (TryDump(request, reader))
            {
                return;
            }
        }

        throw new NetlinkException(Errno.Busy, request.What);
    }

    public void Dispose()
    {
        if (!_handle.IsClosed)
        {
            _handle.Dispose();
            ArrayPool<byte>.Shared.Return(_buffer);
        }
    }

    private bool TryDump(NetlinkRequest request, MessageReader reader)
    {
        Send(request, NetlinkFlags.Dump);
        var whole = true;
        var ended = false;
        while (!ended)
        {
            ReadDatagram(request.What, (type, flags, content) =>
            {
                whole &= (flags & FlagDumpInterrupted) == 0;
                if (type is MessageDone or MessageError)
                {
                    ended = true;
                    ThrowIfFailed(ErrorOf(content), request.What);
                    return;
                }

                reader(type, content);
            });
        }

        return whole;
    }

    private void Send(NetlinkRequest request, ushort flags)
    {
        var message = request.Finish(++_sequence, flags);

        // The kernel does what is asked before it returns; the answer is there then.
        using var wait = KernelWait.Begin();
        while (Native.Send(_handle, message, (nuint)message.Length, 0) < 0)
        {
            ThrowUnlessInterrupted(request.What);
        }
    }

    private void ReadDatagram(string what, DatagramReader reader)
    {
        nint length;
        while ((length = Native.Receive(_handle, _buffer, (nuint)_buffer.Length, 0)) < 0)
        {
            ThrowUnlessInterrupted(what);
        }

        var rest = _buffer.AsSpan(0, (int)length);
        while (rest.Length >= HeaderLength)
        {
            var size = BinaryPrimitives.ReadInt32LittleEndian(rest);
            if (size < HeaderLength || size > rest.Length)
            {
                throw new NetlinkException(Errno.Invalid, what);
            }

            // An answer to an earlier request that failed half-way is not ours.
            if (BinaryPrimitives.ReadUInt32LittleEndian(rest[8..]) == _sequence)
            {
                var type = BinaryPrimitives.ReadUInt16LittleEndian(rest[4..]);
                reader(type, BinaryPrimitives.ReadUInt16LittleEndian(rest[6..]), rest[HeaderLength..size]);
            }

            rest = rest[Math.Min((size + 3) & ~3, rest.Length)..];
        }
    }

    private static int ErrorOf(ReadOnlySpan<byte> content)
    {
        return content.Length >= 4 ? -BinaryPrimitives.ReadInt32LittleEndian(content) : 0;
    }

    private static void ThrowIfFailed(int error, string what)
    {
        if (error != 0)
        {
            throw new NetlinkException(error, what);
        }
    }

    private static void ThrowUnlessInterrupted(string what)
    {
        var error = Marshal.GetLastPInvokeError();
        if (error != Errno.Interrupted)
        {
            throw new NetlinkException(error, what);
        }
    }

    private delegate void DatagramReader(ushort type, ushort flags, ReadOnlySpan<byte> content);

    private static partial class Native
    {
        [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
        public static partial SafeFileHandle Socket(int family, int type, int protocol);

        [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
        public static partial nint Send(SafeFileHandle socket, ReadOnlySpan<byte> buffer, nuint length, int flags);

        [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
        public static partial nint Receive(SafeFileHandle socket, Span<byte> buffer, nuint length, int flags);
    }
}
