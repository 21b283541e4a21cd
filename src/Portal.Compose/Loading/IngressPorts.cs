using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Portal.Compose.Docker;
using Portal.Compose.Model;
using Portal.Compose.Nodes;
using Portal.Compose.Planning;
using Portal.Compose.Problems;
using Portal.Compose.Schema;

namespace Portal.Compose.Loading;

/// <summary>
/// Which ports of a project over nodes every node answers at: those of one number and of no address of their own, where the file does not
/// say <c>mode: host</c>, of services on a network that spans nodes and leads outside.
/// </summary>
internal static class IngressPorts
{
    private const int Most = 128;

    public static ComposeService Mark(ComposeService service, IReadOnlyList<ComposeResource> networks, ProblemList problems)
    {
        var network = Endpoints.Ordered(service)
            .Select(own => networks.FirstOrDefault(network => network.Key == own.Key))
            .FirstOrDefault(network => network is not null && SpreadPlanner.IsSpread(network) && !network.Definition.Flag("internal"));
        var modes = service.Definition.Items("ports").OfType<ComposeMap>().Select(port => port.Text("mode") ?? "ingress");
        ServicePort[] ports = network is null
            ? [.. service.Ports]
            : [.. service.Ports.Zip(modes, (port, mode) => mode == "ingress" ? Marked(port) : port)];
        ServicePort[] marked = [.. ports.Where(port => port.IsIngress)];
        if (marked.Length == 0)
        {
            return service;
        }

        Check(service, marked, problems);

        // One that has the port of its node must be made anew to have that of all.
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{service.Hash}\0ingress={network!.Key}"));
        return service with { Ports = ports, IngressNetwork = network.Key, Hash = Convert.ToHexStringLower(hash) };
    }

    private static ServicePort Marked(ServicePort port) =>
        port.HostIp is "" or "0.0.0.0" && PortForm.Range(port.Published) is { } range && range.First == range.Last
            ? port with { IsIngress = true, Published = range.First.ToString(CultureInfo.InvariantCulture) } : port;

    private static void Check(ComposeService service, ServicePort[] ports, ProblemList problems)
    {
        var (mark, key) = ((service.Definition["ports"] ?? service.Definition).Mark, $"services.{service.Name}.ports");
        if (ports.Length > Most)
        {
            problems.Error(mark, key, $"More than {Most} ports that every node is to answer at: give them `mode: host`.");
        }

        foreach (var twice in ports.GroupBy(port => port.ToString()).Where(group => group.Count() > 1))
        {
            problems.Error(mark, key, $"Port {twice.Key} leads to {string.Join(" and ", twice.Select(port => port.Target))}: one of them is meant.");
        }
    }
}
