using Portal.Compose.Placing;
using Portal.Data.Entities.Deployments;
using Portal.Data.Entities.Stacks;
using Portal.Web.Access;
using Portal.Web.Features.Deployments.Node;
using Portal.Web.Features.Deployments.Running;

namespace Portal.Web.Features.Deployments.Spreading;

/// <summary>Finds the nodes of a deployment, and what it may do on each.</summary>
internal static class DeploymentTargets
{
    /// <exception cref="DeploymentRefusedException">The environment has no node.</exception>
    public static async Task<DeploymentTarget> FindAsync(
        DeploymentTools tools, Deployment claim, Stack? stack, IReadOnlyList<StackRevision> revisions, CancellationToken cancellationToken)
    {
        var actor = claim.ActorId is { } id ? new Actor(id, claim.ActorName, "") : Actor.Portal;
        (Guid Id, string Name)[] known = claim.EnvironmentId is { } environment
            ? [.. tools.Fleet.Current.Nodes.Values.Where(node => node.Environment?.Id == environment)
                .OrderBy(node => node.Name, StringComparer.Ordinal).Select(node => (node.Id, node.Name))]
            : [(claim.NodeId, claim.NodeName)];
        var nodes = new List<TargetNode>();
        foreach (var (node, name) in known)
        {
            var rights = await tools.People.RightsAsync(claim, node, revisions, cancellationToken);
            nodes.Add(new TargetNode(new NodeDocker(tools.Clients, node, name, actor, rights), rights)
            {
                TakesNew = tools.Fleet.Current.Nodes.GetValueOrDefault(node)?.TakesPlacements != false,
            });
        }

        return nodes.Count == 0
            ? throw new DeploymentRefusedException(E("There is no node in '{0}'.", claim.NodeName))
            : new DeploymentTarget(nodes, claim.EnvironmentId, tools.Lost.IsLost)
            {
                Placement = StackPlacement.FromJson(stack?.Placement ?? "{}"),
            };
    }
}
