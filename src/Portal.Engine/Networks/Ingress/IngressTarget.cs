using System.Globalization;
using System.Text.RegularExpressions;
using Portal.Engine.Errors;

namespace Portal.Engine.Networks.Ingress;

/// <summary>What a container answers behind a port of every node.</summary>
/// <param name="Protocol">The transport.</param>
/// <param name="Port">The nodes' port, 1 to 65535.</param>
/// <param name="TargetPort">The container's, 1 to 65535.</param>
public sealed partial record IngressTarget(PortProtocol Protocol, int Port, int TargetPort)
{
    /// <summary>
    /// The endpoint's driver option in which a container says what it answers: <c>8080:80/tcp,53:53/udp</c>. What of it leads to the
    /// container is decided by whoever tells nodes of the network.
    /// </summary>
    public const string Option = "portal.ingress";

    private const int Most = 128;

    /// <summary>Reads <see cref="Option"/>.</summary>
    /// <exception cref="EngineException">InvalidArgument: it is not written so, or a port is there twice.</exception>
    public static IReadOnlyList<IngressTarget> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var targets = text.Split(',').Select(ParseOne).ToArray();
        return targets.Length <= Most && targets.DistinctBy(target => (target.Protocol, target.Port)).Count() == targets.Length
            ? targets
            : throw EngineException.InvalidArgument($"{Option}: more than {Most} ports, or one of them twice");
    }

    private static IngressTarget ParseOne(string text)
    {
        var match = Form().Match(text);
        var (port, target) = match.Success ? (Number(match, "port"), Number(match, "target")) : (0, 0);
        if (port is < 1 or > ushort.MaxValue || target is < 1 or > ushort.MaxValue)
        {
            throw EngineException.InvalidArgument($"invalid {Option} '{text}': PORT:CONTAINERPORT/tcp, udp or sctp is needed");
        }

        var protocol = match.Groups["protocol"].Value switch
        {
            "udp" => PortProtocol.Udp,
            "sctp" => PortProtocol.Sctp,
            _ => PortProtocol.Tcp,
        };
        return new IngressTarget(protocol, port, target);
    }

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\A(?<port>[0-9]{1,5}):(?<target>[0-9]{1,5})/(?<protocol>tcp|udp|sctp)\z")]
    private static partial Regex Form();
}
