using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Portal.Bench.Traffic;

/// <summary>
/// The other ends of the rows about networks: this program again, inside a container's namespace or another machine's. Prints one number.
/// </summary>
internal static class TrafficProgram
{
    private const int RequestLength = 64;

    /// <summary>Runs when the arguments ask for it; null when they ask for something else.</summary>
    public static async Task<int?> TryRunAsync(string[] arguments)
    {
        switch (arguments)
        {
            case ["traffic", "serve", var port]:
                await ServeAsync(Number(port));
                return 0;
            case ["traffic", "ask", var host, var port, var count]:
                Print(await AskAsync(new IPEndPoint(IPAddress.Parse(host), Number(port)), Number(count)));
                return 0;
            case ["traffic", "connect", var host, var port, var count]:
                Print(await ConnectAsync(new IPEndPoint(IPAddress.Parse(host), Number(port)), Number(count)));
                return 0;
            case ["traffic", "names", var server, var name, var milliseconds]:
                Print(await NameTraffic.AskAsync(IPAddress.Parse(server), name, TimeSpan.FromMilliseconds(Number(milliseconds))));
                return 0;
            default:
                return null;
        }
    }

    private static async Task ServeAsync(int port)
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        listener.Bind(new IPEndPoint(IPAddress.Any, port));
        listener.Listen(512);
        while (true)
        {
            _ = EchoAsync(await listener.AcceptAsync());
        }
    }

    private static async Task EchoAsync(Socket client)
    {
        using (client)
        {
            client.NoDelay = true;
            var buffer = new byte[RequestLength];
            try
            {
                while (await client.ReceiveAsync(buffer) is > 0 and var length)
                {
                    await client.SendAsync(buffer.AsMemory(0, length));
                }
            }
            catch (SocketException)
            {
                // The client is gone, and so is what it asked.
                return;
            }
        }
    }

    /// <summary>Microseconds of a request on a connection that is there, the median.</summary>
    private static Task<double> AskAsync(IPEndPoint server, int count)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(server);
        var times = new double[count];
        for (var index = 0; index < count; index++)
        {
            times[index] = Ask(socket);
        }

        return Task.FromResult(Median(times));
    }

    /// <summary>Microseconds of a request with a connection of its own, the median.</summary>
    private static Task<double> ConnectAsync(IPEndPoint server, int count)
    {
        var times = new double[count];
        for (var index = 0; index < count; index++)
        {
            var watch = Stopwatch.StartNew();
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Connect(server);
            Ask(socket);
            times[index] = watch.Elapsed.TotalMicroseconds;
        }

        return Task.FromResult(Median(times));
    }

    private static double Ask(Socket socket)
    {
        Span<byte> buffer = stackalloc byte[RequestLength];
        var watch = Stopwatch.StartNew();
        socket.Send(buffer);
        for (var received = 0; received < RequestLength;)
        {
            var length = socket.Receive(buffer[received..]);
            received += length > 0 ? length : throw new InvalidOperationException("the server hung up");
        }

        return watch.Elapsed.TotalMicroseconds;
    }

    private static double Median(double[] times)
    {
        Array.Sort(times);
        return times[times.Length / 2];
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static void Print(double figure) => Console.WriteLine(figure.ToString("0.###", CultureInfo.InvariantCulture));
}
