using System.Buffers.Binary;
using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Interop.Netlink;

namespace Portal.Engine.Linux.Tests.Interop;

/// <summary>Lists of the kernel that change while they are read, as on a host where hundreds of containers come and go.</summary>
public sealed class NetlinkDumpTests
{
    private const ushort Object = 16;
    private const ushort Done = 3;
    private const ushort Interrupted = 0x10;

    [Fact]
    public async Task Dump_SpoiltManyTimes_IsAskedForUntilItIsWhole()
    {
        var (seen, asked) = await DumpAsync(spoilt: 100);

        Assert.Equal([100], seen);
        Assert.Equal(101, asked);
    }

    [Fact]
    public async Task Dump_AlwaysSpoilt_FailsAsBusy()
    {
        var failure = await Assert.ThrowsAsync<NetlinkException>(() => DumpAsync(spoilt: int.MaxValue));

        Assert.Equal(Errno.Busy, failure.ErrorNumber);
    }

    /// <summary>Asks a kernel that spoils so many lists first, and tells in each the how manieth it is.</summary>
    private static async Task<(List<int> Seen, int Asked)> DumpAsync(int spoilt)
    {
        var (ours, kernel) = Connect();
        using var ends = ours;
        using var endsToo = kernel;
        var answering = Task.Run(() => AnswerAsync(kernel, spoilt));
        var seen = new List<int>();
        try
        {
            using var socket = NetlinkSocket.Over(new SafeFileHandle(ours.Handle, ownsHandle: false));
            await Task.Run(() => socket.Dump(
                new NetlinkRequest("list things", Object, 0), seen.Clear, (_, content) => seen.Add(BinaryPrimitives.ReadInt32LittleEndian(content))));
        }
        finally
        {
            ours.Shutdown(SocketShutdown.Both);
        }

        return (seen, await answering);
    }

    private static (Socket Ours, Socket Kernel) Connect()
    {
        var path = Path.Combine(Path.GetTempPath(), $"portal-test-netlink-{Guid.NewGuid():N}");
        using var listener = new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();

        // A socket that was used without waiting once doesn't wait any more, and what asks the kernel waits.
        var ours = new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
        ours.Connect(new UnixDomainSocketEndPoint(path));
        var kernel = listener.Accept();
        File.Delete(path);
        return (ours, kernel);
    }

    private static async Task<int> AnswerAsync(Socket kernel, int spoilt)
    {
        var asked = 0;
        var request = new byte[1024];
        while (await kernel.ReceiveAsync(request) > 0)
        {
            // struct nlmsghdr: the length, the type, flags, the request's number and the port (netlink(7)).
            var answer = new byte[20 + 20];
            for (var at = 0; at < answer.Length; at += 20)
            {
                BinaryPrimitives.WriteInt32LittleEndian(answer.AsSpan(at), 20);
                BinaryPrimitives.WriteUInt16LittleEndian(answer.AsSpan(at + 4), at == 0 ? Object : Done);
                BinaryPrimitives.WriteUInt16LittleEndian(answer.AsSpan(at + 6), asked < spoilt ? Interrupted : (ushort)0);
                request.AsSpan(8, 4).CopyTo(answer.AsSpan(at + 8));
            }

            BinaryPrimitives.WriteInt32LittleEndian(answer.AsSpan(16), asked++);
            await kernel.SendAsync(answer);
        }

        return asked;
    }
}
