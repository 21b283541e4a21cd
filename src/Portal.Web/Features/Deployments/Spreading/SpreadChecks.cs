using Portal.Compose.Docker;
using Portal.Compose.Model;
using Portal.Compose.Placing;
using Portal.Compose.Planning;
using Portal.Web.Features.Deployments.Applying;
using Portal.Web.Features.Stacks.Files;

namespace Portal.Web.Features.Deployments.Spreading;

/// <summary>What can be known to go wrong with a stack over several nodes before anything is touched.</summary>
internal static class SpreadChecks
{
    /// <summary>All that stands against it, as sentences.</summary>
    public static IReadOnlyList<string> Find(
        ComposeProject project, Guid stackId, StackFileSet files, DeploymentTarget target, PlacementResult placed,
        IReadOnlyDictionary<Guid, NodeSituation> situations, SpreadNetworks networks)
    {
        var problems = new List<string>();
        problems.AddRange(Unsupported.In(project, files));
        problems.AddRange(placed.Problems);
        problems.AddRange(project.Networks.Where(SpreadPlanner.IsSpread).Where(network => networks.Others.Contains(network.Name))
            .Select(network => E("networks.{0}: there is another overlay network '{1}' already.", network.Key, network.Name)));
        foreach (var node in target.Nodes.Where(node => situations.ContainsKey(node.Id)))
        {
            var own = NodeProject.Of(project, placed.Placement, node.Id);
            problems.AddRange(OnNode(own, node, situations[node.Id]).Select(problem => E("On '{0}': {1:said}", node.Name, problem)));
            problems.AddRange(Drained(own, placed.Placement, node, situations[node.Id]));
            problems.AddRange(Names(project, stackId, node, situations[node.Id], networks));
        }

        return [.. problems.Distinct()];
    }

    // What stays on a node that takes nothing new must stay as it is.
    private static IEnumerable<string> Drained(ComposeProject own, StackPlacement placement, TargetNode node, NodeSituation situation)
    {
        if (node.TakesNew)
        {
            yield break;
        }

        foreach (var service in own.Services)
        {
            foreach (var number in placement.On(node.Id, service.Name))
            {
                if (!situation.Of(own.Name).Select(container => container.ForPlan()).Any(container =>
                    container.Service == service.Name && container.Number == number && container.ConfigHash == service.Hash))
                {
                    yield return E("services.{0}: replica {1} belongs to '{2}' and is to be made anew, which that node does "
                        + "not take while it is drained.", service.Name, number, node.Name);
                }
            }
        }
    }

    private static IEnumerable<string> OnNode(ComposeProject own, TargetNode node, NodeSituation situation) =>
    [
        .. DeploymentChecks.Missing(own, node.Rights),
        .. DeploymentPolicies.Find(own, node.Rights.Policies),
        .. DeploymentChecks.External(own, situation),
    ];

    // The project's name leads to its containers on every node, and a container's name to it over the networks that span them.
    private static IEnumerable<string> Names(
        ComposeProject project, Guid stackId, TargetNode node, NodeSituation situation, SpreadNetworks networks)
    {
        if (situation.Of(project.Name).FirstOrDefault(container =>
            container.Labels.GetValueOrDefault(Running.DeploymentRun.StackLabel) != $"{stackId}") is { } other)
        {
            yield return E(
                "'{0}' has a container '{1}' of another project '{2}': remove it, or name the stack otherwise.",
                node.Name, other.Name, project.Name);
        }

        foreach (var service in project.Services.Where(service => service.ContainerName is not null))
        {
            if (situation.Containers.Any(container => container.Project != project.Name && container.Name == service.ContainerName))
            {
                yield return E(
                    "services.{0}.container_name: '{1}' has another container '{2}'.", service.Name, node.Name, service.ContainerName);
            }
        }

        foreach (var network in project.Networks.Where(SpreadPlanner.IsSpread))
        {
            if (situation.Networks.ContainsKey(network.Name) && !networks.Own.Contains(network.Name)
                && !networks.Others.Contains(network.Name))
            {
                yield return E(
                    "networks.{0}: '{1}' has a network '{2}' of its own: remove it, or name this one otherwise.",
                    network.Key, node.Name, network.Name);
            }
        }
    }
}
