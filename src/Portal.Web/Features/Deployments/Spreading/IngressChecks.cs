using Grpc.Core;
using Portal.Compose.Model;
using Portal.Contracts.Networks.V1;
using Portal.Contracts.Permissions;
using Portal.Web.Features.Deployments.Applying;
using Portal.Web.Features.Deployments.Node;
using Portal.Web.Features.NodeCalls;
using Portal.Web.Features.Overlays;

namespace Portal.Web.Features.Deployments.Spreading;

/// <summary>Who has ports already that every node of the environment is to answer at.</summary>
internal static class IngressChecks
{
    /// <summary>All that stands against it, as sentences. What every node answers at for this stack already is not asked again.</summary>
    /// <exception cref="NodeAwayException">A node does not answer.</exception>
    public static async Task<IReadOnlyList<string>> FindAsync(
        ComposeProject project, DeploymentTarget target, IReadOnlyDictionary<Guid, NodeSituation> situations, SpreadNetworks networks,
        CancellationToken cancellationToken)
    {
        var own = networks.Ports.Values.SelectMany(ports => ports).ToHashSet(StringComparer.Ordinal);
        var problems = new List<string>();
        foreach (var (service, port) in PortsOf(project, isIngress: false).Where(port => own.Contains(port.Port)))
        {
            problems.Add(E(
                "services.{0}.ports: every node answers at port {1} now; deploy once without it, before one node alone has it.", service, port));
        }

        var wanted = PortsOf(project, isIngress: true).Where(port => !own.Contains(port.Port)).ToArray();
        foreach (var (service, port) in wanted.Where(port => networks.Held.ContainsKey(port.Port)))
        {
            problems.Add(E(
                "services.{0}.ports: every node answers at port {1} for the network '{2}' already.", service, port, networks.Held[port]));
        }

        foreach (var node in target.Reachable.Where(node => wanted.Length > 0 && situations.ContainsKey(node.Id)))
        {
            var taken = await TakenAsync(
                project.Name, node.Docker, situations[node.Id], [.. wanted.Select(port => port.Port)], cancellationToken);
            problems.AddRange(wanted.Where(port => taken.ContainsKey(port.Port)).Select(port => E(
                "services.{0}.ports: every node is to answer at port {1}. On '{2}': {3:said}", port.Service, port.Port, node.Name,
                taken[port.Port])));
        }

        return problems;
    }

    /// <summary>Ports of every node by the network that leads to them, as <c>8080/tcp</c>.</summary>
    public static ILookup<string, string> ByNetwork(ComposeProject project) => project.Services
        .Where(service => service.IngressNetwork is not null)
        .SelectMany(service => service.Ports.Where(port => port.IsIngress).Select(port => (
            Network: project.Networks.First(network => network.Key == service.IngressNetwork).Name, Port: port.ToString())))
        .ToLookup(pair => pair.Network, pair => pair.Port);

    private static IEnumerable<(string Service, string Port)> PortsOf(ComposeProject project, bool isIngress) => project.Services
        .SelectMany(service => service.Ports.Where(port => port.IsIngress == isIngress).Select(port => (service.Name, port.ToString())));

    private static async Task<Dictionary<string, string>> TakenAsync(
        string project, NodeDocker node, NodeSituation situation, IReadOnlyList<string> ports, CancellationToken cancellationToken)
    {
        var taken = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var container in situation.Containers.Where(container => container.Project != project))
        {
            foreach (var port in container.Ports.Where(ports.Contains))
            {
                taken[port] = E("port {0} is published by '{1}' already.", port, container.Name);
            }
        }

        // What the stack has on a node itself goes before every node answers there.
        var mine = situation.Of(project).SelectMany(container => container.Ports).ToHashSet(StringComparer.Ordinal);
        var request = new CheckPortsRequest();
        request.Ports.AddRange(ports.Where(port => !mine.Contains(port) && !taken.ContainsKey(port)).Select(OverlayPorts.Parse));
        try
        {
            var client = new OverlayService.OverlayServiceClient(node.Invoker(PermissionNames.NetworksView));
            foreach (var one in (await client.CheckPortsAsync(request, cancellationToken: cancellationToken)).Taken)
            {
                taken[OverlayPorts.Write(one.Port)] = one.Reason;
            }
        }
        catch (RpcException failure) when (failure.StatusCode == StatusCode.Unimplemented)
        {
            // An agent of an earlier release: it answers where its own containers are, and says so on the stack's page.
        }
        catch (RpcException failure) when (NodeDocker.IsAway(failure) && !cancellationToken.IsCancellationRequested)
        {
            throw new NodeAwayException(NodeCallException.From(failure, node.NodeName).Message, failure);
        }

        return taken;
    }
}
