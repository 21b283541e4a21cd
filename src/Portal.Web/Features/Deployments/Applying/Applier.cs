using Portal.Compose.Docker;
using Portal.Compose.Model;
using Portal.Compose.Planning;
using Portal.Web.Features.Deployments.Node;
using Portal.Web.Features.Deployments.Spreading;

namespace Portal.Web.Features.Deployments.Applying;

/// <summary>
/// Makes nodes have what a project says: networks and volumes, then the services, each after what it depends on, then what nobody asks
/// for any more goes. Idempotent: begun again at any point, it plans from what is there and does the rest.
/// </summary>
internal sealed class Applier(ApplyContext context, IStackNetworks networks)
{
    private readonly Dictionary<Guid, ApplyContext> _nodes = context.Nodes.ToDictionary(at => at.Node.NodeId);
    private readonly Dictionary<Guid, NodeSituation> _situations = [];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var (id, at) in _nodes)
        {
            await Leftovers.TidyAsync(at, cancellationToken);
            _situations[id] = await NodeSituation.ReadAsync(at.Node, cancellationToken);
        }

        var plan = await PlanAsync(cancellationToken);
        if (plan.IsEmpty)
        {
            await WithdrawAsync(cancellationToken);
            await context.Journal.WriteAsync(N("Everything is as it should be: nothing to do."), false, cancellationToken);
            return;
        }

        foreach (var id in plan.Changes.Where(IsMade).Select(NodeOf).Distinct().ToArray())
        {
            var own = context.Target.IsSpread
                ? _nodes[id] with { Project = NodeProject.Of(context.Project, context.Target.Placement, id) } : _nodes[id];
            _nodes[id] = _nodes[id] with { Brought = await BroughtFiles.BringAsync(own, context.StackId, cancellationToken) };
        }

        await SurroundingsAsync(plan, cancellationToken);
        await FreePortsAsync(plan, cancellationToken);
        var changes = plan.Changes.Where(step => step.Subject == PlanSubject.Container).ToLookup(step => step.Service);
        foreach (var service in context.Project.Services)
        {
            PlanStep[] steps = [.. changes[service.Name]];
            if (steps.Length > 0)
            {
                await WaitAsync(service, cancellationToken);
                await new ServiceUpdater(context, At, service).RunAsync(steps, cancellationToken);
            }
        }

        await CleanAsync(plan, cancellationToken);
        await WithdrawAsync(cancellationToken);
    }

    private async Task WaitAsync(ComposeService service, CancellationToken cancellationToken)
    {
        if (await ServiceFailures.OfAsync(() => ContainerWait.ForDependenciesAsync(context, service, cancellationToken)) is { } failure)
        {
            await new ServiceFailures(context, service, 1).CountAsync([failure], cancellationToken);
        }
    }

    private static bool IsMade(PlanStep step) =>
        step is { Subject: PlanSubject.Container, Action: PlanAction.Create or PlanAction.Recreate or PlanAction.Move };

    private Guid NodeOf(PlanStep step) => step.Node ?? context.Node.NodeId;

    private ApplyContext At(Guid? node) => _nodes[node ?? context.Node.NodeId];

    private async Task<ProjectPlan> PlanAsync(CancellationToken cancellationToken)
    {
        var options = new PlanOptions { Adopted = context.Adopted, Force = context.ForceMark is not null };
        if (!context.Target.IsSpread)
        {
            var (id, situation) = _situations.Single();
            return ProjectPlanner.Plan(
                context.Project, situation.Project(context.Project.Name),
                options with { Images = _nodes[id].Images, Made = MadeOf(situation) });
        }

        var own = await networks.FindAsync(context.StackId, cancellationToken);
        return SpreadPlanner.Plan(
            context.Project,
            context.Target.Placement,
            [.. context.Target.Reachable.Where(node => _nodes.ContainsKey(node.Id)).Select(node => new SpreadNode(
                node.Id, node.Name, _situations[node.Id].Project(context.Project.Name), _nodes[node.Id].Images,
                MadeOf(_situations[node.Id])))],
            options with { SpreadNetworks = own.Own });
    }

    private string[] MadeOf(NodeSituation situation) => context.ForceMark is { } mark
        ? [.. situation.Of(context.Project.Name).Where(container => container.Labels.GetValueOrDefault(mark.Key) == mark.Value)
            .Select(container => container.Id)]
        : [];

    private bool IsOrphan(PlanStep step) => step is { Subject: PlanSubject.Container, Action: PlanAction.Remove }
        && context.Project.Services.All(service => service.Name != step.Service);

    private bool IsOverNodes(PlanStep step) => context.Target.IsSpread && step is { Subject: PlanSubject.Network, Node: null };

    private async Task SurroundingsAsync(ProjectPlan plan, CancellationToken cancellationToken)
    {
        // Those that are there may not have come to every node yet.
        foreach (var step in plan.Steps.Where(step => IsOverNodes(step) && step.Action != PlanAction.Remove))
        {
            await new SpreadNetworkSteps(context, networks).EnsureAsync(step, _nodes.Values, cancellationToken);
        }

        foreach (var step in plan.Changes.Where(step =>
            step.Action == PlanAction.Create && step.Subject != PlanSubject.Container && !IsOverNodes(step)))
        {
            var isNetwork = step.Subject == PlanSubject.Network;
            var name = isNetwork ? E("Create the network {0:name}", step.Name) : E("Create the volume {0:name}", step.Name);
            var body = isNetwork
                ? ResourceBody.Network(context.Project, context.Project.Networks.First(network => network.Name == step.Name))
                : ResourceBody.Volume(context.Project, context.Project.Volumes.First(volume => volume.Name == step.Name));
            await StepAsync(
                context.Target.Placed(name, step),
                () => At(step.Node).Node.ChangeAsync(
                    "POST", isNetwork ? "/networks/create" : "/volumes/create", "", body, name, cancellationToken),
                cancellationToken);
        }
    }

    // A container that goes anyway goes first when it holds a port that another is to publish.
    private async Task FreePortsAsync(ProjectPlan plan, CancellationToken cancellationToken)
    {
        var wanted = context.Project.Services.SelectMany(service => service.Ports).Select(port => $"{port.Published}/{port.Protocol}")
            .ToHashSet(StringComparer.Ordinal);
        foreach (var step in plan.Changes.Where(IsOrphan))
        {
            var situation = _situations[NodeOf(step)];
            if (situation.Containers.First(container => container.Id == step.ContainerId).Ports.Any(wanted.Contains))
            {
                await RemoveAsync(step, cancellationToken);
            }
        }
    }

    private async Task WithdrawAsync(CancellationToken cancellationToken)
    {
        foreach (var network in context.Project.Networks.Where(network => context.Target.IsSpread && SpreadPlanner.IsSpread(network)))
        {
            await new SpreadNetworkSteps(context, networks).WithdrawAsync(network.Name, cancellationToken);
        }
    }

    private async Task CleanAsync(ProjectPlan plan, CancellationToken cancellationToken)
    {
        foreach (var step in plan.Changes.Where(IsOrphan))
        {
            await RemoveAsync(step, cancellationToken);
        }

        foreach (var step in plan.Changes.Where(step => step is { Subject: PlanSubject.Network, Action: PlanAction.Remove }))
        {
            await StepAsync(
                context.Target.Placed(E("Remove the network {0:name}", step.Name), step),
                () => IsOverNodes(step)
                    ? networks.RemoveAsync(context.StackId, step.Name, cancellationToken)
                    : RemoveNetworkAsync(At(step.Node).Node, step.Name, cancellationToken),
                cancellationToken);
        }
    }

    /// <summary>Removes a network; nothing happens when it is not there any more.</summary>
    public static async Task RemoveNetworkAsync(NodeDocker node, string name, CancellationToken cancellationToken)
    {
        try
        {
            await node.ChangeAsync("DELETE", $"/networks/{name}", "", null, E("Removing the network {0:name}", name), cancellationToken);
        }
        catch (NodeRefusalException failure) when (failure.Status == StatusCodes.Status404NotFound)
        {
            // It is gone.
        }
    }

    private Task RemoveAsync(PlanStep step, CancellationToken cancellationToken) => StepAsync(
        context.Target.Placed(E("Remove {0:name}", step.Name), step),
        () => ServiceUpdater.StopAndRemoveAsync(At(step.Node).Node, step.ContainerId, step.Name, false, cancellationToken),
        cancellationToken);

    private Task StepAsync(string name, Func<Task> work, CancellationToken cancellationToken) =>
        context.Journal.StepAsync(context.Phase, name, _ => work(), cancellationToken);
}
