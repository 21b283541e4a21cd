using System.Text.Json;
using Portal.Compose.Model;
using Portal.Compose.Placing;
using Portal.Compose.Planning;
using Portal.Data.Entities.Stacks;
using Portal.Web.Access;
using Portal.Web.Features.Deployments.Applying;
using Portal.Web.Features.Deployments.Node;
using Portal.Web.Features.Deployments.Spreading;
using Portal.Web.Features.Policies.Enforcing;
using Portal.Web.Features.Stacks;
using Portal.Web.Features.Stacks.Files;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Deployments.Previewing;

/// <summary>Compares a stack over several nodes with what runs of it on them.</summary>
/// <remarks>Singleton; any thread. Whoever calls it has checked that the stack may be seen.</remarks>
internal sealed class SpreadPreviews(IFleet fleet, INodeClients clients, PolicyBook policies, LostNodes lost, IStackNetworks networks)
{
    /// <param name="actor">In whose name nodes are asked.</param>
    /// <param name="reach">What of the host the person may reach.</param>
    /// <param name="stack">The stack.</param>
    /// <param name="project">What is to run.</param>
    /// <param name="files">Its files.</param>
    /// <param name="kept">Images as they were deployed, to compare with those; null for those that their names stand for on each node.</param>
    /// <param name="force">Make all anew.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="NodeAwayException">A node that is not lost does not answer.</exception>
    public async Task<(ProjectPlan Plan, IReadOnlyList<string> Problems, IReadOnlyList<string> Pulls)> ReadAsync(
        Actor actor, IReadOnlyList<string> reach, Stack stack, ComposeProject project, StackFileSet files,
        IReadOnlyDictionary<string, string>? kept, bool force, CancellationToken cancellationToken)
    {
        var states = RunningStacks.NodesOf(stack, fleet.Current).ToArray();
        var nodes = new List<TargetNode>();
        var situations = new Dictionary<Guid, NodeSituation>();
        foreach (var state in states)
        {
            var rights = new DeploymentRights(reach, actor.UserName) { Policies = await policies.ReadAsync(state.Id, cancellationToken) };
            var node = new TargetNode(new NodeDocker(clients, state.Id, state.Name, actor, rights), rights)
            {
                TakesNew = state.TakesPlacements,
            };
            nodes.Add(node);
            if (!lost.IsLost(state))
            {
                situations[state.Id] = await NodeSituation.ReadAsync(node.Docker, cancellationToken);
            }
        }

        var target = new DeploymentTarget(nodes, stack.EnvironmentId, id => !situations.ContainsKey(id));
        var placed = StackPlacing.Place(project, StackPlacement.FromJson(stack.Placement), states, situations, lost.IsLost);
        var over = await networks.FindAsync(stack.Id, cancellationToken);
        var there = new List<SpreadNode>();
        var pulls = new List<string>();
        foreach (var node in target.Reachable)
        {
            var own = NodeProject.Of(project, placed.Placement, node.Id);
            var (images, missing) = await DeploymentPreviews.ImagesAsync(node.Docker, own, cancellationToken);
            there.Add(new SpreadNode(
                node.Id, node.Name, situations[node.Id].Project(project.Name), kept is null ? images : NodeImages.On(kept, node.Id), []));
            pulls.AddRange(missing.Select(image => $"{image} on {node.Name}"));
        }

        var options = new PlanOptions
        {
            Adopted = JsonSerializer.Deserialize<Dictionary<string, string>>(stack.Adopted) ?? [], Force = force, SpreadNetworks = over.Own,
        };
        return (
            SpreadPlanner.Plan(project, placed.Placement, there, options),
            [
                .. SpreadChecks.Find(project, stack.Id, files, target, placed, situations, over),
                .. await IngressChecks.FindAsync(project, target, situations, over, cancellationToken),
            ],
            pulls);
    }
}
