using Portal.Compose.Planning;
using Portal.Web.Features.Deployments.Node;
using Portal.Web.Features.Deployments.Running;

namespace Portal.Web.Features.Deployments.Applying;

/// <summary>Starts, stops and removes what is there of a stack, without changing what it is.</summary>
/// <remarks>
/// <c>nodes</c>: those that can be reached. <c>name</c>: the project's name. <c>services</c>: names in the order in which they start; those of other
/// services come last.
/// </remarks>
internal sealed class StackMovement(
    IReadOnlyList<NodeDocker> nodes, string name, IReadOnlyList<string> services, DeploymentPhase phase, DeploymentJournal journal)
{
    /// <remarks><c>context</c>: what the services wait for before they start; null when their file can't be read.</remarks>
    public async Task StartAsync(ApplyContext? context, bool again, CancellationToken cancellationToken)
    {
        foreach (var group in await ReadAsync(cancellationToken))
        {
            if (context?.Project.Services.FirstOrDefault(service => service.Name == group.Key) is { } service)
            {
                await ContainerWait.ForDependenciesAsync(context, service, cancellationToken);
            }

            foreach (var (node, container) in group.Where(one => again || !one.Container.IsRunning))
            {
                var verb = again ? "restart" : "start";
                await StepAsync(
                    again ? E("Restart {0:name}", container.Name) : E("Start {0:name}", container.Name),
                    node,
                    () => node.ChangeAsync(
                        "POST", $"/containers/{container.Id}/{verb}", "", null, E("Starting {0:name}", container.Name), cancellationToken),
                    cancellationToken);
            }
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var (node, container) in (await ReadAsync(cancellationToken)).Reverse().SelectMany(group => group)
            .Where(one => one.Container.IsRunning))
        {
            await StepAsync(
                E("Stop {0:name}", container.Name),
                node,
                () => node.ChangeAsync(
                    "POST", $"/containers/{container.Id}/stop", "", null, E("Stopping {0:name}", container.Name), cancellationToken),
                cancellationToken);
        }
    }

    /// <remarks><c>withVolumes</c>: the project's volumes and all that is in them.</remarks>
    public async Task RemoveAsync(bool withVolumes, CancellationToken cancellationToken)
    {
        foreach (var (node, container) in (await ReadAsync(cancellationToken)).Reverse().SelectMany(group => group))
        {
            await StepAsync(
                E("Remove {0:name}", container.Name),
                node,
                () => ServiceUpdater.StopAndRemoveAsync(node, container.Id, container.Name, withVolumes, cancellationToken),
                cancellationToken);
        }

        foreach (var node in nodes)
        {
            var situation = await NodeSituation.ReadAsync(node, cancellationToken);
            foreach (var network in Own(situation.Networks))
            {
                await journal.StepAsync(
                    phase,
                    Placed(E("Remove the network {0:name}", network), node),
                    _ => Applier.RemoveNetworkAsync(node, network, cancellationToken),
                    cancellationToken);
            }

            foreach (var volume in withVolumes ? Own(situation.Volumes) : [])
            {
                await journal.StepAsync(
                    phase, Placed(E("Remove the volume {0:name}", volume), node), _ => RemoveVolumeAsync(node, volume, cancellationToken),
                    cancellationToken);
            }
        }
    }

    private string Placed(string what, NodeDocker node) => nodes.Count > 1 ? E("{0:said} on '{1}'", what, node.NodeName) : what;

    private IEnumerable<string> Own(IReadOnlyDictionary<string, Dictionary<string, string>> things) =>
        things.Where(thing => thing.Value.GetValueOrDefault(ComposeLabels.Project) == name).Select(thing => thing.Key)
            .Order(StringComparer.Ordinal);

    private static async Task RemoveVolumeAsync(NodeDocker node, string volume, CancellationToken cancellationToken)
    {
        try
        {
            await node.ChangeAsync("DELETE", $"/volumes/{volume}", "", null, E("Removing the volume {0:name}", volume), cancellationToken);
        }
        catch (NodeRefusalException failure) when (failure.Status == StatusCodes.Status404NotFound)
        {
            // It is gone.
        }
    }

    private async Task<IReadOnlyList<IGrouping<string, (NodeDocker Node, NodeContainer Container)>>> ReadAsync(
        CancellationToken cancellationToken)
    {
        var found = new List<(NodeDocker Node, NodeContainer Container)>();
        foreach (var node in nodes)
        {
            var situation = await NodeSituation.ReadAsync(node, cancellationToken);
            found.AddRange(situation.Of(name).Select(container => (node, container)));
        }

        return [.. found.GroupBy(one => one.Container.ForPlan().Service).OrderBy(group => PlaceOf(group.Key))];
    }

    private int PlaceOf(string service)
    {
        for (var i = 0; i < services.Count; i++)
        {
            if (services[i] == service)
            {
                return i;
            }
        }

        return services.Count;
    }

    private Task StepAsync(string what, NodeDocker node, Func<Task> work, CancellationToken cancellationToken) =>
        journal.StepAsync(phase, Placed(what, node), _ => work(), cancellationToken);
}
