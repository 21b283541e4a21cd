using System.Globalization;
using System.Net;
using Portal.Engine.Networks.Addresses;

namespace Portal.Engine.Networks.Dns;

/// <summary>Decides what a query is answered with. No sockets.</summary>
internal sealed class DnsResponder
{
    private const ushort AddressType = 1;
    private const ushort PointerType = 12;
    private const ushort Address6Type = 28;
    private const ushort InternetClass = 1;
    private const string ReverseZone = ".in-addr.arpa";
    private const string ReverseZone6 = ".ip6.arpa";
    private int _turn;

    /// <summary>Answers from the table alone.</summary>
    /// <param name="query">The query.</param>
    /// <param name="asker">Who sent it; null for a stranger, who learns nothing.</param>
    /// <param name="names">What is known.</param>
    /// <param name="isStream">True when it came by TCP.</param>
    /// <param name="answer">The answer; null to say nothing, or to ask others.</param>
    /// <returns>True when others must be asked.</returns>
    public bool TryAnswer(ReadOnlySpan<byte> query, NameClient? asker, NameTable names, bool isStream, out byte[]? answer)
    {
        answer = null;
        var refusal = DnsQuestion.TryRead(query, out var question);
        if (question is null)
        {
            answer = refusal < 0 ? null : DnsAnswer.Empty(query, null, refusal);
            return false;
        }

        answer = question.Class == InternetClass ? AnswerOwn(query, question, asker, names, isStream) : null;
        if (answer is null && asker is not { ReachesOut: true })
        {
            answer = DnsAnswer.Empty(query, question, DnsAnswer.ServerFailure);
        }

        return answer is null;
    }

    private byte[]? AnswerOwn(ReadOnlySpan<byte> query, DnsQuestion question, NameClient? asker, NameTable names, bool isStream)
    {
        if (asker?.Find(question.Name) is { } entry)
        {
            // Of another type there is nothing: asking others would only delay it, and tell them.
            var addresses = question.Type switch { AddressType => entry.Ipv4, Address6Type => entry.Ipv6, _ => [] };
            return addresses.Length > 0
                ? DnsAnswer.Addresses(query, question, Rotate(addresses), isStream)
                : DnsAnswer.Empty(query, question, 0);
        }

        return question.Type == PointerType && TryReadReverse(question.Name, out var address)
            && names.FindName(asker, address) is { } name
            ? DnsAnswer.Pointer(query, question, name)
            : null;
    }

    private IReadOnlyList<IPAddress> Rotate(IPAddress[] addresses)
    {
        if (addresses.Length < 2)
        {
            return addresses;
        }

        var first = (int)((uint)Interlocked.Increment(ref _turn) % addresses.Length);
        return [.. addresses[first..], .. addresses[..first]];
    }

    private static bool TryReadReverse(string name, out IPAddress address)
    {
        address = IPAddress.None;
        if (name.EndsWith(ReverseZone6, StringComparison.Ordinal))
        {
            return TryReadNibbles(name[..^ReverseZone6.Length], out address);
        }

        if (!name.EndsWith(ReverseZone, StringComparison.Ordinal))
        {
            return false;
        }

        var parts = name[..^ReverseZone.Length].Split('.');
        Array.Reverse(parts);
        var isAddress = IpSubnet.TryParseAddress(string.Join('.', parts), out var found);
        address = found ?? IPAddress.None;
        return isAddress;
    }

    /// <summary>32 hexadecimal digits with dots, the last of the address first (RFC 3596, 2.5).</summary>
    private static bool TryReadNibbles(string text, out IPAddress address)
    {
        address = IPAddress.None;
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        for (var index = 0; index < 32; index++)
        {
            var at = (31 - index) * 2;
            if (text.Length != 63
                || (at < 62 && text[at + 1] != '.')
                || !byte.TryParse(text.AsSpan(at, 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var digit))
            {
                return false;
            }

            bytes[index / 2] |= (byte)(index % 2 == 0 ? digit << 4 : digit);
        }

        address = new IPAddress(bytes);
        return true;
    }
}
