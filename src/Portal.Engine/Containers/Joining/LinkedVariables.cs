using Portal.Engine.Containers.Creation;
using Portal.Engine.Containers.Lifecycle;
using Portal.Engine.Networks;

namespace Portal.Engine.Containers.Joining;

/// <summary>
/// The variables by which a container on the default network sees those that it is linked to: their ports and addresses, and their own
/// variables. As dockerd 20.10 sets them (https://docs.docker.com/network/links/, "Environment variables"); on other networks it sets none.
/// </summary>
internal static class LinkedVariables
{
    private const string DefaultNetwork = "bridge";

    // Fewer in a row are no range for Docker.
    private const int ShortestRange = 3;

    /// <summary>The variables as <c>NAME=value</c>; of containers that do not run there are none.</summary>
    public static IReadOnlyList<string> Of(Container container, NetworkSandbox? sandbox, ContainerRegistry registry)
    {
        if (container.Config.Links.Count == 0 || AddressOn(sandbox).Length == 0)
        {
            return [];
        }

        var variables = new List<string>();
        foreach (var link in container.Config.Links)
        {
            if (registry.Find(link.ContainerId) is { IsRunning: true } other && AddressOn(other.Network) is { Length: > 0 } address)
            {
                variables.AddRange(Of(container.Record.Name, link.Alias, address, other.Spec));
            }
        }

        return variables;
    }

    internal static IEnumerable<string> Of(string name, string alias, string address, ContainerSpec linked)
    {
        var prefix = alias.Replace('-', '_').ToUpperInvariant();
        var ports = PortsOf(linked);
        if (ports.Length > 0)
        {
            yield return $"{prefix}_PORT={Place(ports[0], address)}";
        }

        foreach (var (first, last) in RangesOf(ports))
        {
            var range = $"{prefix}_PORT_{first.Port}_{Upper(first)}";
            yield return $"{range}_START={Place(first, address)}";
            yield return $"{range}_ADDR={address}";
            yield return $"{range}_PROTO={Lower(first)}";
            yield return $"{range}_PORT_START={first.Port}";
            yield return $"{range}_END={Place(last, address)}";
            yield return $"{range}_PORT_END={last.Port}";
        }

        foreach (var port in ports)
        {
            var own = $"{prefix}_PORT_{port.Port}_{Upper(port)}";
            yield return $"{own}={Place(port, address)}";
            yield return $"{own}_ADDR={address}";
            yield return $"{own}_PORT={port.Port}";
            yield return $"{own}_PROTO={Lower(port)}";
        }

        yield return $"{prefix}_NAME=/{name}/{alias}";
        foreach (var variable in linked.Environment.Where(IsPassedOn))
        {
            yield return $"{prefix}_ENV_{variable}";
        }
    }

    private static ExposedPort[] PortsOf(ContainerSpec spec)
    {
        var exposed = spec.ExposedPorts
            .Select(text => ExposedPort.TryParse(text, out var port) ? port : default)
            .Where(port => port.Port > 0)
            .Concat(spec.Ports.Select(port => new ExposedPort(port.ContainerPort, port.Protocol)));
        return [.. exposed.Distinct().OrderBy(port => port.Port).ThenBy(port => port.Protocol)];
    }

    private static IEnumerable<(ExposedPort First, ExposedPort Last)> RangesOf(ExposedPort[] ports)
    {
        for (var start = 0; start < ports.Length;)
        {
            var end = start;
            while (end + 1 < ports.Length && ports[end + 1] == ports[end] with { Port = ports[end].Port + 1 })
            {
                end++;
            }

            if (end - start + 1 >= ShortestRange)
            {
                yield return (ports[start], ports[end]);
            }

            start = end + 1;
        }
    }

    // Of every image, and of no use to another container.
    private static bool IsPassedOn(string variable) =>
        variable.Contains('=') && variable.Split('=', 2)[0] is not ("HOME" or "PATH");

    private static string AddressOn(NetworkSandbox? sandbox) =>
        sandbox?.Endpoints.FirstOrDefault(endpoint => endpoint.NetworkName == DefaultNetwork)?.Address ?? "";

    private static string Place(ExposedPort port, string address) => $"{Lower(port)}://{address}:{port.Port}";

    private static string Lower(ExposedPort port) => port.Protocol switch
    {
        PortProtocol.Udp => "udp",
        PortProtocol.Sctp => "sctp",
        _ => "tcp",
    };

    private static string Upper(ExposedPort port) => Lower(port).ToUpperInvariant();
}
