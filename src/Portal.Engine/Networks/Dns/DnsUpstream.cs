using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Portal.Engine.Networks.Dns;

/// <summary>
/// Other name servers over the network. What a forger would have to guess: the id, the port, and the case of the name's letters, which
/// honest servers repeat as it was (draft-vixie-dnsext-dns0x20).
/// </summary>
internal sealed class DnsUpstream(TimeProvider time) : IDnsUpstream
{
    private const string ResolverPath = "/etc/resolv.conf";
    private const int Port = 53;
    private const int LongestMessage = 65535;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_freshness = TimeSpan.FromSeconds(1);
    private (IReadOnlyList<IPAddress> Servers, DateTimeOffset Until)? _host;

    public IReadOnlyList<IPAddress> HostServers()
    {
        // The file is read once a second at most, however many ask; a change of it counts from then on.
        var now = time.GetUtcNow();
        if (_host is { } known && known.Until > now)
        {
            return known.Servers;
        }

        var lines = File.Exists(ResolverPath) ? File.ReadLines(ResolverPath).Take(100) : [];
        IReadOnlyList<IPAddress> servers =
        [
            .. lines.Select(line => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
                .Where(words => words is ["nameserver", ..] && words.Length > 1 && IPAddress.TryParse(words[1], out _))
                .Select(words => IPAddress.Parse(words[1]))
                .Take(3),
        ];
        _host = (servers, now + s_freshness);
        return servers;
    }

    public async Task<byte[]?> TryAskAsync(IPAddress server, byte[] query, bool isStream, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_patience);
        var sent = Disguise(query);
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

    /// <summary>True for an answer to this very query: its id, its kind, and the question repeated letter by letter.</summary>
    /// <param name="answer">What came.</param>
    /// <param name="query">What was sent.</param>
    /// <param name="ignoreCase">True when the case of letters does not count: over a connection, which nobody can forge blindly.</param>
    internal static bool Answers(ReadOnlySpan<byte> answer, byte[] query, bool ignoreCase = false)
    {
        if (answer.Length < DnsQuestion.HeaderLength || !answer[..2].SequenceEqual(query.AsSpan(0, 2)) || (answer[2] & 0x80) == 0)
        {
            return false;
        }

        _ = DnsQuestion.TryRead(query, out var question);
        var isBareError = BinaryPrimitives.ReadUInt16BigEndian(answer[4..]) == 0
            && (answer[3] & 0x0F) != 0
            && BinaryPrimitives.ReadUInt16BigEndian(answer[6..]) == 0;
        return question is not null
            && (isBareError
                || (BinaryPrimitives.ReadUInt16BigEndian(answer[4..]) == 1
                    && answer.Length >= question.End
                    && IsSame(
                        answer[DnsQuestion.HeaderLength..question.End],
                        query.AsSpan(DnsQuestion.HeaderLength..question.End),
                        ignoreCase)));
    }

    private static bool IsSame(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, bool ignoreCase) =>
        ignoreCase ? Ascii.EqualsIgnoreCase(left, right) : left.SequenceEqual(right);

    /// <summary>The query with another id, and with letters of its name large or small as chance has it.</summary>
    internal static byte[] Disguise(byte[] query)
    {
        var sent = (byte[])query.Clone();
        RandomNumberGenerator.Fill(sent.AsSpan(0, 2));
        _ = DnsQuestion.TryRead(query, out var question);
        var end = (question?.End ?? 0) - 5;
        Span<byte> chance = stackalloc byte[256];
        RandomNumberGenerator.Fill(chance);
        for (var at = DnsQuestion.HeaderLength; at < end; at++)
        {
            // A length of a label is 63 at most, which no letter is.
            var letter = (byte)(sent[at] | 0x20);
            if (letter is >= (byte)'a' and <= (byte)'z' && sent[at] > 63)
            {
                sent[at] = (byte)(letter & ~((chance[at & 0xFF] & 1) << 5));
            }
        }

        return sent;
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
            var answer = buffer.AsMemory(0, length);
            if (Answers(answer.Span, query))
            {
                return answer.ToArray();
            }

            // A server that does not keep the case, or a forger who does not know it: a connection tells.
            if (Answers(answer.Span, query, ignoreCase: true))
            {
                return await AskByStreamAsync(server, query, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static async Task<byte[]?> AskByStreamAsync(IPAddress server, byte[] query, CancellationToken cancellationToken)
    {
        using var client = new TcpClient(server.AddressFamily);
        await client.ConnectAsync(server, Port, cancellationToken).ConfigureAwait(false);
        await DnsStream.WriteAsync(client.GetStream(), query, cancellationToken).ConfigureAwait(false);
        var answer = await DnsStream.ReadAsync(client.GetStream(), LongestMessage, cancellationToken).ConfigureAwait(false);
        return answer is not null && Answers(answer, query, ignoreCase: true) ? answer : null;
    }
}
