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
    private const int Trials = 20;

    /// <summary>Answers a second.</summary>
    /// <param name="server">The server.</param>
    /// <param name="name">A name that it knows.</param>
    /// <param name="length">How long to ask.</param>
    /// <exception cref="InvalidOperationException">It does not know the name, or does not answer.</exception>
    public static async Task<double> AskAsync(IPAddress server, string name, TimeSpan length)
    {
        var query = Query(name);
        var sockets = Enumerable.Range(0, Senders).Select(_ => Open(server, query)).ToArray();
        try
        {
            // Not before each has had an answer: on a busy machine the whole time may pass until the server gets a processor, once.
            var watch = Stopwatch.StartNew();
            var counts = await Task.WhenAll(sockets.Select(socket => Task.Run(() => Ask(socket, query, watch, length))));
            return counts.Sum() / watch.Elapsed.TotalSeconds;
        }
        finally
        {
            Array.ForEach(sockets, socket => socket.Dispose());
        }
    }

    private static Socket Open(IPAddress server, byte[] query)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = Patience };
        try
        {
            socket.Connect(server, Port);
            Span<byte> buffer = stackalloc byte[512];
            for (var trial = 0; trial < Trials; trial++)
            {
                socket.Send(query);
                if (IsAnswered(socket, buffer))
                {
                    return socket;
                }
            }

            throw new InvalidOperationException("the name server does not answer");
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static int Ask(Socket socket, byte[] query, Stopwatch watch, TimeSpan length)
    {
        Fill(socket, query);
        var answered = 0;
        Span<byte> buffer = stackalloc byte[512];
        while (watch.Elapsed < length)
        {
            if (IsAnswered(socket, buffer))
            {
                answered++;
                socket.Send(query);
            }
            else
            {
                // Some were dropped: begin anew with a full window.
                Fill(socket, query);
            }
        }

        return answered;
    }

    private static void Fill(Socket socket, byte[] query)
    {
        for (var waiting = 0; waiting < Window; waiting++)
        {
            socket.Send(query);
        }
    }

    private static bool IsAnswered(Socket socket, Span<byte> buffer)
    {
        try
        {
            socket.Receive(buffer);
        }
        catch (SocketException failure) when (failure.SocketErrorCode == SocketError.TimedOut)
        {
            return false;
        }

        return (buffer[3] & 15) == 0 && buffer[7] != 0
            ? true
            : throw new InvalidOperationException("the name server does not know the name");
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
