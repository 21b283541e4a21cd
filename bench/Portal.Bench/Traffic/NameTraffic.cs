using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Portal.Bench.Traffic;

/// <summary>Questions to a name server, as many as it answers.</summary>
internal static class NameTraffic
{
    private const int Port = 53;
    private const int Senders = 4;
    private const int Window = 16;
    private const int Patience = 500;

    /// <summary>Answers a second.</summary>
    /// <param name="server">The server.</param>
    /// <param name="name">A name that it knows.</param>
    /// <param name="length">How long to ask.</param>
    /// <exception cref="InvalidOperationException">It does not know the name.</exception>
    public static async Task<double> AskAsync(IPAddress server, string name, TimeSpan length)
    {
        var query = Query(name);
        var watch = Stopwatch.StartNew();
        var counts = await Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => Task.Run(() => Ask(server, query, watch, length))));
        return counts.Sum() / watch.Elapsed.TotalSeconds;
    }

    private static int Ask(IPAddress server, byte[] query, Stopwatch watch, TimeSpan length)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = Patience };
        socket.Connect(server, Port);
        for (var waiting = 0; waiting < Window; waiting++)
        {
            socket.Send(query);
        }

        var answered = 0;
        Span<byte> buffer = stackalloc byte[512];
        while (watch.Elapsed < length)
        {
            try
            {
                socket.Receive(buffer);
            }
            catch (SocketException failure) when (failure.SocketErrorCode == SocketError.TimedOut)
            {
                // Some were dropped: begin anew with a full window.
                for (var waiting = 0; waiting < Window; waiting++)
                {
                    socket.Send(query);
                }

                continue;
            }

            if ((buffer[3] & 15) != 0 || buffer[7] == 0)
            {
                throw new InvalidOperationException("the name server does not know the name");
            }

            answered++;
            socket.Send(query);
        }

        return answered;
    }

    private static byte[] Query(string name)
    {
        var bytes = new List<byte> { 0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0 };
        foreach (var label in name.Split('.'))
        {
            bytes.Add((byte)label.Length);
            bytes.AddRange(Encoding.ASCII.GetBytes(label));
        }

        return [.. bytes, 0, 0, 1, 0, 1];
    }
}
