using Portal.Compose.Docker;
using Portal.Compose.Model;
using Portal.Compose.Placing;
using Portal.Contracts.Permissions.Docker;
using Portal.Web.Features.Deployments.Node;
using Portal.Web.Features.Stacks.Files;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Deployments.Applying;

/// <summary>What can be known to go wrong before anything is touched.</summary>
internal static class DeploymentChecks
{
    /// <summary>All that stands against it, as sentences.</summary>
    public static IReadOnlyList<string> Find(
        ComposeProject project, StackFileSet files, NodeSituation situation, NodeState? node, DeploymentRights rights) =>
    [
        .. Unsupported.In(project, files),
        .. Duty(node),
        .. project.Services.SelectMany(service => Placement(service, node)),
        .. Missing(project, rights),
        .. DeploymentPolicies.Find(project, rights.Policies),
        .. External(project, situation),
        .. project.Services.SelectMany(service => Taken(project, service, situation)),
    ];

    /// <summary>The permissions that it takes.</summary>
    public static IEnumerable<string> NeededBy(ComposeProject project) => Needs(project).SelectMany(one => one.Needs).Distinct();

    private static IEnumerable<string> Duty(NodeState? node)
    {
        if (node is null)
        {
            yield return N("The node of the stack is not part of this portal any more.");
        }
        else if (!node.TakesPlacements)
        {
            yield return E(
                "The node '{0}' takes no new containers: {1}.", node.Name, node.DutyNote.Length > 0 ? node.DutyNote : $"{node.Duty}");
        }
    }

    private static IEnumerable<string> Placement(ComposeService service, NodeState? node)
    {
        var place = node is null ? null : new PlacementNode(node.Id, node.Name, node.Labels);
        foreach (var text in service.Definition.Map("deploy")?.Map("placement")?.Texts("constraints") ?? [])
        {
            var constraint = PlacementConstraint.Parse(text);
            if (place is not null && !constraint.Holds(place))
            {
                yield return constraint.ValueOn(place) is { } value
                    ? E("services.{0}.deploy.placement: '{1}' does not hold on '{2}', where it is '{3}'.", service.Name, text, place.Name, value)
                    : E("services.{0}.deploy.placement: '{1}' does not hold on '{2}', where it is not set.", service.Name, text, place.Name);
            }
        }
    }

    internal static IEnumerable<string> Missing(ComposeProject project, DeploymentRights rights)
    {
        foreach (var (key, needs) in Needs(project))
        {
            if (rights.Missing(needs) is { Count: > 0 } missing)
            {
                yield return E(
                    "{0}: what it asks for reaches the host and needs the permission '{1}', which {2} does not have there.",
                    key, string.Join("', '", missing), rights.Person);
            }
        }
    }

    // What the calls will need is asked of the same table that the agent asks.
    private static IEnumerable<(string Key, IReadOnlyList<string> Needs)> Needs(ComposeProject project) => DeploymentRequests.Of(project)
        .Select(one => (one.Key, DockerRules.Find("POST", one.Path, "")!.Needs(one.Body, [DeploymentRequests.AnyFolder])));

    internal static IEnumerable<string> External(ComposeProject project, NodeSituation situation)
    {
        foreach (var network in project.Networks.Where(network => network.IsExternal && !situation.Networks.ContainsKey(network.Name)))
        {
            yield return E("networks.{0}: the external network '{1}' is not there.", network.Key, network.Name);
        }

        foreach (var volume in project.Volumes.Where(volume => volume.IsExternal && !situation.Volumes.ContainsKey(volume.Name)))
        {
            yield return E("volumes.{0}: the external volume '{1}' is not there.", volume.Key, volume.Name);
        }
    }

    private static IEnumerable<string> Taken(ComposeProject project, ComposeService service, NodeSituation situation)
    {
        var others = situation.Containers.Where(container => container.Project != project.Name).ToArray();
        foreach (var port in service.Ports.Where(port => service.Replicas > 0))
        {
            if (Array.Find(others, container => container.Ports.Contains($"{port.Published}/{port.Protocol}")) is { } holder)
            {
                yield return E(
                    "services.{0}.ports: port {1}/{2} is published by '{3}' already.", service.Name, port.Published, port.Protocol, holder.Name);
            }
        }

        if (service.ContainerName is { } name && Array.Find(others, container => container.Name == name) is not null)
        {
            yield return E("services.{0}.container_name: there is another container '{1}'.", service.Name, name);
        }
    }
}
