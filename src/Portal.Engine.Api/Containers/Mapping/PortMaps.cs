using System.Globalization;
using Portal.Engine.Api.Containers.Models;
using Portal.Engine.Containers;
using Portal.Engine.Networks;

namespace Portal.Engine.Api.Containers.Mapping;

/// <summary>Ports in Docker's three notations: <c>HostConfig.PortBindings</c>, <c>NetworkSettings.Ports</c> and the list's.</summary>
internal static class PortMaps
{
    private const string AnyAddress = "0.0.0.0";

    /// <summary>Reads <c>PortBindings</c>.</summary>
    public static List<PortBinding> Parse(Dictionary<string, List<PortMapping>?>? bindings, List<string> problems)
    {
        var ports = new List<PortBinding>();
        foreach (var (port, mappings) in bindings ?? [])
        {
            if (!TryParsePort(port, out var number, out var protocol))
            {
                problems.Add($"invalid port specification: \"{port}\"");
                continue;
            }

            foreach (var mapping in mappings ?? [])
            {
                if (!TryParseHostPort(mapping.HostPort, out var hostPort, out var lastHostPort))
                {
                    problems.Add($"invalid port specification: \"{mapping.HostPort}\"");
                    continue;
                }

                ports.Add(new PortBinding
                {
                    ContainerPort = number,
                    Protocol = protocol,
                    HostAddress = mapping.HostIp,
                    HostPort = hostPort,
                    LastHostPort = lastHostPort,
                });
            }
        }

        return ports;
    }

    /// <summary>What was asked for.</summary>
    public static Dictionary<string, List<PortMapping>?> Requested(ContainerSpec spec)
    {
        return Group(spec.Ports, binding => new PortMapping
        {
            HostIp = binding.HostAddress,
            HostPort = binding.HostPort == 0
                ? ""
                : binding.LastHostPort == 0 ? Text(binding.HostPort) : $"{Text(binding.HostPort)}-{Text(binding.LastHostPort)}",
        });
    }

    /// <summary>What is published now, and what is exposed beside it; nothing when the container has no place on the network.</summary>
    public static Dictionary<string, List<PortMapping>?> Published(ContainerInfo container)
    {
        if (container.Network is not { } network)
        {
            return [];
        }

        var ports = Group(network.Ports, binding => new PortMapping
        {
            HostIp = binding.HostAddress.Length == 0 ? AnyAddress : binding.HostAddress,
            HostPort = Text(binding.HostPort),
        });
        foreach (var exposed in container.Spec.ExposedPorts)
        {
            ports.TryAdd(exposed, null);
        }

        return ports;
    }

    /// <summary>The list's notation.</summary>
    public static List<PortSummary> Summaries(ContainerInfo container)
    {
        if (container.Network is not { } network)
        {
            return [];
        }

        var ports = network.Ports
            .Select(binding => new PortSummary
            {
                Address = binding.HostAddress.Length == 0 ? AnyAddress : binding.HostAddress,
                PrivatePort = binding.ContainerPort,
                PublicPort = binding.HostPort,
                Type = Word(binding.Protocol),
            })
            .ToList();
        foreach (var exposed in container.Spec.ExposedPorts)
        {
            if (TryParsePort(exposed, out var number, out var protocol)
                && !network.Ports.Any(binding => binding.ContainerPort == number && binding.Protocol == protocol))
            {
                ports.Add(new PortSummary { PrivatePort = number, Type = Word(protocol) });
            }
        }

        return ports;
    }

    /// <summary>Reads <c>80/tcp</c> or <c>80</c>.</summary>
    public static bool TryParsePort(string text, out int number, out PortProtocol protocol)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var word = slash < 0 ? "tcp" : text[(slash + 1)..].ToLowerInvariant();
        protocol = word switch { "udp" => PortProtocol.Udp, "sctp" => PortProtocol.Sctp, _ => PortProtocol.Tcp };
        return TryParseNumber(slash < 0 ? text : text[..slash], out number)
            && number > 0
            && word is "tcp" or "udp" or "sctp";
    }

    /// <summary>Nothing, a number, or a range to take the first free one of.</summary>
    private static bool TryParseHostPort(string text, out int port, out int last)
    {
        (port, last) = (0, 0);
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        if (text.Length == 0 || dash < 0)
        {
            return text.Length == 0 || TryParseNumber(text, out port);
        }

        var isRange = TryParseNumber(text[..dash], out port) && TryParseNumber(text[(dash + 1)..], out last) && port > 0 && last >= port;
        last = last == port ? 0 : last;
        return isRange;
    }

    private static bool TryParseNumber(string text, out int number)
    {
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= 65535;
    }

    private static Dictionary<string, List<PortMapping>?> Group(
        IEnumerable<PortBinding> bindings, Func<PortBinding, PortMapping> map)
    {
        return bindings
            .GroupBy(binding => $"{Text(binding.ContainerPort)}/{Word(binding.Protocol)}")
            .ToDictionary(group => group.Key, List<PortMapping>? (group) => group.Select(map).ToList());
    }

    private static string Word(PortProtocol protocol) => protocol switch
    {
        PortProtocol.Udp => "udp",
        PortProtocol.Sctp => "sctp",
        _ => "tcp",
    };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
