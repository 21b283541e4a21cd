using System.Globalization;

namespace Portal.Engine.Logs.Forwarding;

/// <summary>Where a receiver is: <c>udp://host:514</c>, <c>tcp+tls://host:6514</c>, <c>unix:///path</c>, ...</summary>
/// <param name="Protocol">The word before <c>://</c>.</param>
/// <param name="Host">A name or an address; the path of a socket.</param>
/// <param name="Port">0 for a path.</param>
internal sealed record SinkAddress(string Protocol, string Host, int Port)
{
    private const int LongestPath = 107;

    public bool IsDatagram => Protocol is "udp" or "unixgram";

    public bool IsPath => Protocol is "unix" or "unixgram";

    /// <summary>Reads one; null when it is none of the given protocols.</summary>
    /// <param name="text">The text.</param>
    /// <param name="defaultPort">The port when none is given; 0 when one must be.</param>
    /// <param name="protocols">Which protocols the receiver may have.</param>
    public static SinkAddress? TryParse(string text, int defaultPort, params ReadOnlySpan<string> protocols)
    {
        var end = text.IndexOf("://", StringComparison.Ordinal);
        if (end < 0 || !protocols.Contains(text[..end]))
        {
            return null;
        }

        var (protocol, rest) = (text[..end], text[(end + 3)..]);
        if (protocol is "unix" or "unixgram")
        {
            return rest.StartsWith('/') && rest.Length <= LongestPath ? new SinkAddress(protocol, rest, 0) : null;
        }

        // An address of version 6 is in brackets.
        var colon = rest.LastIndexOf(':');
        var hasPort = colon > rest.LastIndexOf(']');
        var host = (hasPort ? rest[..colon] : rest).TrimStart('[').TrimEnd(']');
        var port = defaultPort;
        if (hasPort && !int.TryParse(rest[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port))
        {
            return null;
        }

        return host.Length > 0 && port is > 0 and <= 65535 && Uri.CheckHostName(host) != UriHostNameType.Unknown
            ? new SinkAddress(protocol, host, port)
            : null;
    }
}
