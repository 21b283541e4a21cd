using System.Net;

namespace Portal.Engine.Networks.Dns;

/// <summary>Decides what a query is answered with. No sockets.</summary>
internal sealed class DnsResponder
{
    private const ushort AddressType = 1;
    private const ushort PointerType = 12;
    private const ushort InternetClass = 1;
    private const string ReverseZone = ".in-addr.arpa";
    private int _turn;

    /// <summary>Answers from the table alone.</summary>
    /// <param name="query">The query.</param>
    /// <param name="asker">Who sent it.</param>
    /// <param name="names">What is known.</param>
    /// <param name="isStream">True when it came by TCP.</param>
    /// <param name="answer">The answer; null to say nothing, or to ask others.</param>
    /// <returns>True when others must be asked.</returns>
    public bool TryAnswer(ReadOnlySpan<byte> query, IPAddress asker, NameTable names, bool isStream, out byte[]? answer)
    {
        answer = null;
        var refusal = DnsQuestion.TryRead(query, out var question);
        if (question is null)
        {
            answer = refusal < 0 ? null : DnsAnswer.Empty(query, null, refusal);
            return false;
        }

        answer = question.Class == InternetClass ? AnswerOwn(query, question, asker, names, isStream) : null;
        if (answer is null && !names.ReachesOut(asker))
        {
            answer = DnsAnswer.Empty(query, question, DnsAnswer.ServerFailure);
        }

        return answer is null;
    }

    private byte[]? AnswerOwn(ReadOnlySpan<byte> query, DnsQuestion question, IPAddress asker, NameTable names, bool isStream)
    {
        if (names.Find(asker, question.Name) is { } addresses)
        {
            // Of another type there is nothing: asking others would only delay it, and tell them.
            return question.Type == AddressType
                ? DnsAnswer.Addresses(query, question, Rotate(addresses), isStream)
                : DnsAnswer.Empty(query, question, 0);
        }

        return question.Type == PointerType && TryReadReverse(question.Name, out var address)
            && names.FindName(asker, address) is { } name
            ? DnsAnswer.Pointer(query, question, name)
            : null;
    }

    private IReadOnlyList<IPAddress> Rotate(IReadOnlyList<IPAddress> addresses)
    {
        if (addresses.Count < 2)
        {
            return addresses;
        }

        var first = (int)((uint)Interlocked.Increment(ref _turn) % addresses.Count);
        return [.. addresses.Skip(first), .. addresses.Take(first)];
    }

    private static bool TryReadReverse(string name, out IPAddress address)
    {
        address = IPAddress.None;
        if (!name.EndsWith(ReverseZone, StringComparison.Ordinal))
        {
            return false;
        }

        var parts = name[..^ReverseZone.Length].Split('.');
        Array.Reverse(parts);
        var isAddress = Addresses.Ipv4Subnet.TryParseAddress(string.Join('.', parts), out var found);
        address = found ?? IPAddress.None;
        return isAddress;
    }
}
