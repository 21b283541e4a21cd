using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Portal.Testing;

namespace Portal.Engine.Api.Tests.Hosting;

/// <summary>Reads from sockets with a deadline.</summary>
internal static class SocketReading
{
    private static readonly TimeSpan s_deadline = TestSettings.Within(TimeSpan.FromSeconds(10));

    /// <summary>Reads a response's head, byte by byte so that nothing of what follows is taken.</summary>
    public static async Task<string> ReadHeadAsync(this Socket socket)
    {
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            head.Append(Encoding.ASCII.GetString(await socket.ReadBytesAsync(1)));
        }

        return head.ToString();
    }

    public static async Task<byte[]> ReadBytesAsync(this Socket socket, int count)
    {
        using var deadline = new CancellationTokenSource(s_deadline);
        var buffer = new byte[count];
        var done = 0;
        while (done < count)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(done), deadline.Token);
            Assert.NotEqual(0, read);
            done += read;
        }

        return buffer;
    }

    public static async Task<string> ReadTextAsync(this Socket socket, int count)
    {
        return Encoding.UTF8.GetString(await socket.ReadBytesAsync(count));
    }

    /// <summary>Reads one of Docker's frames.</summary>
    public static async Task<(int Stream, string Text)> ReadFrameAsync(this Socket socket)
    {
        var header = await socket.ReadBytesAsync(8);
        var length = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4));
        return (header[0], await socket.ReadTextAsync(length));
    }

    /// <summary>Expects the end of the stream.</summary>
    public static async Task ReadEndAsync(this Socket socket)
    {
        using var deadline = new CancellationTokenSource(s_deadline);
        Assert.Equal(0, await socket.ReceiveAsync(new byte[1], deadline.Token));
    }
}
