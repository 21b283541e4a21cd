using Portal.Compose.Docker;
using Portal.Compose.Model;
using Portal.Compose.Planning;
using Portal.Web.Features.Deployments.Node;

namespace Portal.Web.Features.Deployments.Applying;

/// <summary>
/// Makes a node have what a project says: networks and volumes, then the services, each after what it depends on, then what nobody asks
/// for any more goes. Idempotent: begun again at any point, it plans from what is there and does the rest.
/// </summary>
internal sealed class Applier(ApplyContext context)
{
    private readonly NodeDocker _node = context.Node;
    private readonly ComposeProject _project = context.Project;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await Leftovers.TidyAsync(context, cancellationToken);
        var situation = await NodeSituation.ReadAsync(_node, cancellationToken);
        var plan = ProjectPlanner.Plan(_project, situation.Project(_project.Name), new PlanOptions
        {
            Images = context.Images,
            Adopted = context.Adopted,
            Force = context.ForceMark is not null,
            Made = context.ForceMark is { } mark
                ? [.. situation.Of(_project.Name).Where(container => container.Labels.GetValueOrDefault(mark.Key) == mark.Value)
                    .Select(container => container.Id)]
                : [],
        });
        if (plan.IsEmpty)
        {
            await context.Journal.WriteAsync("Everything is as it should be: nothing to do.", false, cancellationToken);
            return;
        }

        var brought = plan.Changes.Any(step => step is { Subject: PlanSubject.Container, Action: PlanAction.Create or PlanAction.Recreate })
            ? context with { Brought = await BroughtFiles.BringAsync(context, context.StackId, cancellationToken) } : context;
        await SurroundingsAsync(plan, cancellationToken);
        await FreePortsAsync(plan, situation, cancellationToken);
        var changes = plan.Changes.Where(step => step.Subject == PlanSubject.Container).ToLookup(step => step.Service);
        foreach (var service in _project.Services)
        {
            PlanStep[] steps = [.. changes[service.Name]];
            if (steps.Length > 0)
            {
                await ContainerWait.ForDependenciesAsync(context, service, cancellationToken);
                await new ServiceUpdater(brought, service).RunAsync(steps, cancellationToken);
            }
        }

        await CleanAsync(plan, cancellationToken);
    }

    private bool IsOrphan(PlanStep step) => step is { Subject: PlanSubject.Container, Action: PlanAction.Remove }
        && _project.Services.All(service => service.Name != step.Service);

    private async Task SurroundingsAsync(ProjectPlan plan, CancellationToken cancellationToken)
    {
        foreach (var step in plan.Changes.Where(step => step.Action == PlanAction.Create && step.Subject != PlanSubject.Container))
        {
            var isNetwork = step.Subject == PlanSubject.Network;
            var name = $"Create the {(isNetwork ? "network" : "volume")} {step.Name}";
            var body = isNetwork
                ? ResourceBody.Network(_project, _project.Networks.First(network => network.Name == step.Name))
                : ResourceBody.Volume(_project, _project.Volumes.First(volume => volume.Name == step.Name));
            await StepAsync(
                name,
                () => _node.ChangeAsync("POST", isNetwork ? "/networks/create" : "/volumes/create", "", body, name, cancellationToken),
                cancellationToken);
        }
    }

    // A container that goes anyway goes first when it holds a port that another is to publish.
    private async Task FreePortsAsync(ProjectPlan plan, NodeSituation situation, CancellationToken cancellationToken)
    {
        var wanted = _project.Services.SelectMany(service => service.Ports).Select(port => $"{port.Published}/{port.Protocol}")
            .ToHashSet(StringComparer.Ordinal);
        foreach (var step in plan.Changes.Where(IsOrphan))
        {
            if (situation.Containers.First(container => container.Id == step.ContainerId).Ports.Any(wanted.Contains))
            {
                await RemoveAsync(step, cancellationToken);
            }
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
                $"Remove the network {step.Name}", () => RemoveNetworkAsync(_node, step.Name, cancellationToken), cancellationToken);
        }
    }

    /// <summary>Removes a network; nothing happens when it is not there any more.</summary>
    public static async Task RemoveNetworkAsync(NodeDocker node, string name, CancellationToken cancellationToken)
    {
        try
        {
            await node.ChangeAsync("DELETE", $"/networks/{name}", "", null, $"Removing the network {name}", cancellationToken);
        }
        catch (NodeRefusalException failure) when (failure.Status == StatusCodes.Status404NotFound)
        {
            // It is gone.
        }
    }

    private Task RemoveAsync(PlanStep step, CancellationToken cancellationToken) => StepAsync(
        $"Remove {step.Name}",
        () => ServiceUpdater.StopAndRemoveAsync(_node, step.ContainerId, step.Name, false, cancellationToken),
        cancellationToken);

    private Task StepAsync(string name, Func<Task> work, CancellationToken cancellationToken) =>
        context.Journal.StepAsync(context.Phase, name, _ => work(), cancellationToken);
}
