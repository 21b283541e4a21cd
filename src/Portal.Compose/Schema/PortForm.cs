using System.Globalization;
using System.Net;
using Portal.Compose.Nodes;
using Portal.Compose.Shapes;

namespace Portal.Compose.Schema;

/// <summary><c>[[IP:]HOST:]CONTAINER[/PROTOCOL]</c>, where both may be ranges.</summary>
internal static class PortForm
{
    private const int Highest = 65535;

    private static readonly string[] s_protocols = ["tcp", "udp", "sctp"];

    public static Shape Protocol { get; } = Scalars.OneOf(s_protocols);

    /// <summary>A port, or a range from which one is taken.</summary>
    public static Shape Published { get; } = new ScalarShape(
        "a port or a range of them",
        ScalarKind.Text,
        text => text.Length == 0 || Range(text) is not null ? text : null,
        ScalarKind.Text,
        ScalarKind.Int);

    public static Shape Address { get; } = Scalars.That("an address", text => IPAddress.TryParse(text.Trim('[', ']'), out _));

    public static IEnumerable<ComposeNode>? Expand(ComposeScalar scalar, At at)
    {
        if (scalar.Kind is ScalarKind.Bool or ScalarKind.Float)
        {
            at.Error(scalar, "This must be a port as \"8080:80\"; put it in quotes.");
            return null;
        }

        var (rest, protocol) = Cut(scalar.Text, '/');
        var (address, host, container) = Split(rest);
        if (Range(container) is not { } inside || (host.Length > 0 && Range(host) is null))
        {
            at.Error(scalar, $"'{scalar.Text}' is no port. It is [[ADDRESS:]HOST:]CONTAINER[/PROTOCOL] with ports from 1 to {Highest}.");
            return null;
        }

        if (protocol is not null && !s_protocols.Contains(protocol))
        {
            at.Error(scalar, $"The protocol '{protocol}' is none of tcp, udp, sctp.");
            return null;
        }

        if (address.Length > 0 && !IPAddress.TryParse(address, out _))
        {
            at.Error(scalar, $"'{address}' is no address.");
            return null;
        }

        return Pairs(scalar, at, inside, host) is { } pairs ? pairs.Select(pair => Long(scalar, pair, address, protocol)) : null;
    }

    /// <returns>First and last, or null when it is no port.</returns>
    public static (int First, int Last)? Range(string text)
    {
        var (first, last) = Cut(text, '-');
        return Port(first) is { } start && Port(last ?? first) is { } end && end >= start ? (start, end) : null;
    }

    private static List<(int Inside, string Host)>? Pairs(ComposeScalar scalar, At at, (int First, int Last) inside, string host)
    {
        var count = inside.Last - inside.First + 1;
        if (!at.Budget.TakePorts(count))
        {
            at.Error(scalar, "The ranges of the project have too many ports.");
            return null;
        }

        if (host.Length == 0)
        {
            return [.. Enumerable.Range(inside.First, count).Select(port => (port, ""))];
        }

        var outside = Range(host)!.Value;
        if (count == 1)
        {
            return [(inside.First, host)];
        }

        if (outside.Last - outside.First + 1 != count)
        {
            at.Error(scalar, $"The ranges '{host}' and '{inside.First}-{inside.Last}' are not as long as each other.");
            return null;
        }

        return [.. Enumerable.Range(0, count).Select(i => (inside.First + i, (outside.First + i).ToString(CultureInfo.InvariantCulture)))];
    }

    private static ComposeMap Long(ComposeScalar scalar, (int Inside, string Host) pair, string address, string? protocol)
    {
        var make = new NodeMaker(scalar.Mark);
        return make.Map(
            ("mode", make.Text("ingress")),
            ("host_ip", address.Length > 0 ? make.Text(address) : null),
            ("target", make.Int(pair.Inside)),
            ("published", pair.Host.Length > 0 ? make.Text(pair.Host) : null),
            ("protocol", make.Text(protocol ?? "tcp")));
    }

    private static (string Address, string Host, string Container) Split(string text)
    {
        var last = text.LastIndexOf(':');
        if (last < 0)
        {
            return ("", "", text);
        }

        var container = text[(last + 1)..];
        var before = text[..last];
        var bracket = before.LastIndexOf(']');
        var middle = before.LastIndexOf(':');
        if (middle < bracket)
        {
            return (before.Trim('[', ']'), "", container);
        }

        return middle < 0 ? ("", before, container) : (before[..middle].Trim('[', ']'), before[(middle + 1)..], container);
    }

    private static int? Port(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= Highest ? port : null;

    private static (string Before, string? After) Cut(string text, char sign) =>
        text.IndexOf(sign, StringComparison.Ordinal) is var at and >= 0 ? (text[..at], text[(at + 1)..]) : (text, null);
}
