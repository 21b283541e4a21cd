using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Portal.Engine.Linux.Interop.Netlink;

namespace Portal.Engine.Linux.Networks.Firewall;

/// <summary>
/// Listens for the removal of one nftables table: <c>nft flush ruleset</c>, as a reload of the nftables service begins, takes all
/// tables away; and for chains that others make or change. Costs nothing while nobody changes rules.
/// </summary>
internal sealed partial class TableWatcher : IAsyncDisposable
{
    // linux/netfilter/nfnetlink.h and nf_tables.h: subsystem 10, messages NFT_MSG_*, attributes NFTA_*_TABLE.
    private const ushort DeleteTable = (10 << 8) | 2;
    private const ushort NewChain = (10 << 8) | 3;
    private const ushort NewRule = (10 << 8) | 6;
    private const ushort DeleteRule = (10 << 8) | 8;

    // The same number for tables, chains and rules.
    private const ushort TableName = 1;
    private const int Header = 16;
    private const int GenericHeader = 4;

    private readonly string _table;
    private readonly Action _removed;
    private readonly Action _othersChanged;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Socket _socket;
    private readonly Task _loop;

    /// <param name="table">Its name.</param>
    /// <param name="removed">Called when it may have been removed, also by a change of our own that replaces it.</param>
    /// <param name="othersChanged">Called when chains or rules of other tables changed.</param>
    /// <param name="logger">Told when watching ends early.</param>
    /// <exception cref="SocketException">The kernel refuses to tell.</exception>
    public TableWatcher(string table, Action removed, Action othersChanged, ILogger logger)
    {
        _table = table;
        _removed = removed;
        _othersChanged = othersChanged;
        _logger = logger;
        _socket = Open();
        _loop = Task.Run(RunAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        _socket.Dispose();
        _stopping.Dispose();
    }

    private static Socket Open()
    {
        const int addressFamily = 16;
        const int rawCloseOnExec = 3 | 0x80000;
        const uint nftablesGroup = 1 << (7 - 1);
        var handle = Native.Socket(addressFamily, rawCloseOnExec, NetlinkSocket.Netfilter);

        // struct sockaddr_nl (netlink(7)): family, padding, a port that the kernel chooses, groups.
        Span<byte> address = stackalloc byte[12];
        address.Clear();
        address[0] = addressFamily;
        BinaryPrimitives.WriteUInt32LittleEndian(address[8..], nftablesGroup);
        if (handle < 0 || Native.Bind(handle, address, address.Length) < 0)
        {
            var error = Marshal.GetLastPInvokeError();
            new SafeSocketHandle(handle, ownsHandle: true).Dispose();
            throw new SocketException(error);
        }

        return new Socket(new SafeSocketHandle(handle, ownsHandle: true));
    }

    private async Task RunAsync()
    {
        var buffer = new byte[64 << 10];
        try
        {
            while (true)
            {
                var length = await ReceiveAsync(buffer).ConfigureAwait(false);
                var (isRemoved, haveOthersChanged) = length is null ? (true, true) : Look(buffer.AsSpan(0, length.Value));
                if (isRemoved)
                {
                    _removed();
                }

                if (haveOthersChanged)
                {
                    _othersChanged();
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Disposed.
        }
        catch (Exception exception)
        {
            LogStopped(_table, exception);
        }
    }

    /// <summary>Receives a datagram; null when the kernel dropped some because they came too fast.</summary>
    private async Task<int?> ReceiveAsync(byte[] buffer)
    {
        try
        {
            return await _socket.ReceiveAsync(buffer, _stopping.Token).ConfigureAwait(false);
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.NoBufferSpaceAvailable)
        {
            return null;
        }
    }

    private (bool IsRemoved, bool HaveOthersChanged) Look(ReadOnlySpan<byte> datagram)
    {
        var (isRemoved, haveOthersChanged) = (false, false);
        while (datagram.Length >= Header + GenericHeader)
        {
            var size = BinaryPrimitives.ReadInt32LittleEndian(datagram);
            if (size < Header || size > datagram.Length)
            {
                break;
            }

            if (size >= Header + GenericHeader)
            {
                var type = BinaryPrimitives.ReadUInt16LittleEndian(datagram[4..]);
                var isOwn = new NetlinkAttributes(datagram[(Header + GenericHeader)..size]).Text(TableName) == _table;
                isRemoved |= type == DeleteTable && isOwn;
                haveOthersChanged |= type is DeleteTable or NewChain or NewRule or DeleteRule && !isOwn;
            }

            datagram = datagram[Math.Min((size + 3) & ~3, datagram.Length)..];
        }

        return (isRemoved, haveOthersChanged);
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Watching nftables table inet {Table} ended; rules that others remove are restored at the next change only")]
    private partial void LogStopped(string table, Exception exception);

    private static partial class Native
    {
        [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
        public static partial int Socket(int family, int type, int protocol);

        [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
        public static partial int Bind(int socket, ReadOnlySpan<byte> address, int length);
    }
}
