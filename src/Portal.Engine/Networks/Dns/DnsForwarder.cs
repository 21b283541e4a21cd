using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Portal.Engine.Networks.Dns;

/// <summary>Asks the host's name servers, and remembers their answers for a moment.</summary>
internal sealed class DnsForwarder(TimeProvider time) : IDisposable
{
    private const string ResolverPath = "/etc/resolv.conf";
    private const int Port = 53;
    private const int MostAtOnce = 256;
    private const int MostRemembered = 2048;
    private const int LongestMessage = 65535;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_memory = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _permits = new(MostAtOnce, MostAtOnce);
    private readonly ConcurrentDictionary<string, (byte[] Answer, DateTimeOffset Until)> _remembered = new(StringComparer.Ordinal);

    /// <summary>The answer to a query that <see cref="DnsQuestion"/> could read; a server failure when nobody answers in time.</summary>
    public async Task<byte[]> AskAsync(byte[] query, bool isStream, CancellationToken cancellationToken)
    {
        // All but the id: so nobody gets an answer to a question that differs in any bit.
        var key = $"{isStream}{Convert.ToHexString(query.AsSpan(2))}";
        if (_remembered.TryGetValue(key, out var known) && known.Until > time.GetUtcNow())
        {
            return WithId(known.Answer, query);
        }

        if (!await _permits.WaitAsync(TimeSpan.Zero, cancellationToken).ConfigureAwait(false))
        {
            return Failure(query);
        }

        try
        {
            foreach (var server in Servers())
            {
                if (await TryAskAsync(server, query, isStream, cancellationToken).ConfigureAwait(false) is { } answer)
                {
                    Remember(key, answer);
                    return WithId(answer, query);
                }
            }
        }
        finally
        {
            _permits.Release();
        }

        return Failure(query);
    }

    public void Dispose() => _permits.Dispose();

    private static List<IPAddress> Servers()
    {
        var lines = File.Exists(ResolverPath) ? File.ReadLines(ResolverPath).Take(100) : [];
        return lines.Select(line => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words is ["nameserver", ..] && words.Length > 1 && IPAddress.TryParse(words[1], out _))
            .Select(words => IPAddress.Parse(words[1]))
            .Take(3)
            .ToList();
    }

    private static async Task<byte[]?> TryAskAsync(IPAddress server, byte[] query, bool isStream, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_patience);
        var sent = (byte[])query.Clone();
        RandomNumberGenerator.Fill(sent.AsSpan(0, 2));
        try
        {
            return isStream
                ? await AskByStreamAsync(server, sent, patience.Token).ConfigureAwait(false)
                : await AskByDatagramAsync(server, sent, patience.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is SocketException or IOException
            || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // The next server may answer; when none does, the asker hears of a failure.
            return null;
        }
    }

    private static async Task<byte[]?> AskByDatagramAsync(IPAddress server, byte[] query, CancellationToken cancellationToken)
    {
        // Connected, so that only this server's packets arrive; each query has a port of its own, as forgers must guess it.
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(new IPEndPoint(server, Port), cancellationToken).ConfigureAwait(false);
        await socket.SendAsync(query, cancellationToken).ConfigureAwait(false);
        var buffer = new byte[LongestMessage];
        while (true)
        {
            var length = await socket.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (Answers(buffer.AsSpan(0, length), query))
            {
                return buffer[..length];
            }
        }
    }

    private static async Task<byte[]?> AskByStreamAsync(IPAddress server, byte[] query, CancellationToken cancellationToken)
    {
        using var client = new TcpClient(server.AddressFamily);
        await client.ConnectAsync(server, Port, cancellationToken).ConfigureAwait(false);
        await DnsStream.WriteAsync(client.GetStream(), query, cancellationToken).ConfigureAwait(false);
        var answer = await DnsStream.ReadAsync(client.GetStream(), LongestMessage, cancellationToken).ConfigureAwait(false);
        return answer is not null && Answers(answer, query) ? answer : null;
    }

    /// <summary>True for an answer to this very question: its id, its kind, and the question repeated.</summary>
    private static bool Answers(ReadOnlySpan<byte> answer, byte[] query)
    {
        if (answer.Length < DnsQuestion.HeaderLength || !answer[..2].SequenceEqual(query.AsSpan(0, 2)) || (answer[2] & 0x80) == 0)
        {
            return false;
        }

        _ = DnsQuestion.TryRead(query, out var question);
        return question is not null
            && (BinaryPrimitives.ReadUInt16BigEndian(answer[4..]) == 0
                || (answer.Length >= question.End
                    && answer[DnsQuestion.HeaderLength..question.End].SequenceEqual(query.AsSpan(DnsQuestion.HeaderLength..question.End))));
    }

    private static byte[] WithId(byte[] answer, byte[] query)
    {
        var own = (byte[])answer.Clone();
        query.AsSpan(0, 2).CopyTo(own);
        return own;
    }

    private static byte[] Failure(byte[] query)
    {
        _ = DnsQuestion.TryRead(query, out var question);
        return DnsAnswer.Empty(query, question, DnsAnswer.ServerFailure);
    }

    private void Remember(string key, byte[] answer)
    {
        // Good answers alone, and so briefly that no record's own time matters.
        if ((answer[3] & 0x0F) != 0 || BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(6)) == 0)
        {
            return;
        }

        if (_remembered.Count >= MostRemembered)
        {
            _remembered.Clear();
        }

        _remembered[key] = (answer, time.GetUtcNow() + s_memory);
    }
}
