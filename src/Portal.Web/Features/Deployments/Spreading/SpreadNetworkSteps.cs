using Portal.Compose.Nodes;
using Portal.Compose.Planning;
using Portal.Web.Features.Deployments.Applying;
using Portal.Web.Features.Deployments.Node;

namespace Portal.Web.Features.Deployments.Spreading;

/// <summary>Has a network over all nodes, and waits until those that are to have containers on it have it; and the nodes' ports that lead to it.</summary>
internal sealed class SpreadNetworkSteps(ApplyContext context, IStackNetworks networks)
{
    public async Task EnsureAsync(PlanStep step, IEnumerable<ApplyContext> nodes, CancellationToken cancellationToken)
    {
        var missing = new List<ApplyContext>();
        foreach (var at in nodes)
        {
            if (IsUsed(step, at) && !await HasAsync(at, step.Name, cancellationToken))
            {
                missing.Add(at);
            }
        }

        if (step.Action != PlanAction.Keep || missing.Count > 0)
        {
            await context.Journal.StepAsync(
                context.Phase,
                step.Action == PlanAction.Keep
                    ? E("Wait for the network {0:name}", step.Name) : E("Create the network {0:name} over the nodes", step.Name),
                _ => MakeAsync(step, missing, cancellationToken),
                cancellationToken);
        }

        string[] wanted = [.. IngressChecks.ByNetwork(context.Project)[step.Name]];
        if (wanted.Except(await PortsAsync(step.Name, cancellationToken)).ToArray() is { Length: > 0 } ports)
        {
            await context.Journal.StepAsync(
                context.Phase,
                E("Answer at {0} on every node", string.Join(", ", ports)),
                _ => networks.PublishAsync(context.StackId, step.Name, wanted, areAll: false, cancellationToken),
                cancellationToken);
        }
    }

    /// <summary>Ends what nodes answered at for containers that are gone now.</summary>
    public async Task WithdrawAsync(string name, CancellationToken cancellationToken)
    {
        string[] wanted = [.. IngressChecks.ByNetwork(context.Project)[name]];
        if ((await PortsAsync(name, cancellationToken)).Except(wanted).ToArray() is { Length: > 0 } ports)
        {
            await context.Journal.StepAsync(
                context.Phase,
                E("No longer answer at {0} on every node", string.Join(", ", ports)),
                _ => networks.PublishAsync(context.StackId, name, wanted, areAll: true, cancellationToken),
                cancellationToken);
        }
    }

    private async Task<IReadOnlyList<string>> PortsAsync(string name, CancellationToken cancellationToken) =>
        (await networks.FindAsync(context.StackId, cancellationToken)).Ports.GetValueOrDefault(name) ?? [];

    private bool IsUsed(PlanStep step, ApplyContext at) =>
        NodeProject.Of(context.Project, context.Target.Placement, at.Node.NodeId).Networks.Any(network => network.Name == step.Name);

    private async Task MakeAsync(PlanStep step, List<ApplyContext> missing, CancellationToken cancellationToken)
    {
        var definition = context.Project.Networks.First(network => network.Name == step.Name).Definition;
        var subnet = definition.Map("ipam")?.Items("config").OfType<ComposeMap>()
            .Select(config => config.Text("subnet")).FirstOrDefault(text => text is not null);
        var network = new StackNetwork(
            context.StackId, context.Target.EnvironmentId!.Value, step.Name, subnet ?? "", definition.Flag("internal"), context.Project.Name);
        await networks.CreateAsync(network, cancellationToken);
        var begun = context.Time.GetTimestamp();
        foreach (var at in missing)
        {
            while (!await HasAsync(at, step.Name, cancellationToken))
            {
                if (context.Time.GetElapsedTime(begun) > context.Options.Network)
                {
                    var why = await networks.ProblemAsync(context.StackId, step.Name, at.Node.NodeId, cancellationToken);
                    throw new DeploymentRefusedException(
                        E("'{0}' did not get the network '{1:name}': {2:said}",
                            at.Node.NodeName, step.Name, why.Length > 0 ? why : N("it has not said why")));
                }

                await context.PauseAsync(cancellationToken);

                // One that was about to go may have gone all the same.
                if (!(await networks.FindAsync(context.StackId, cancellationToken)).Own.Contains(step.Name))
                {
                    await networks.CreateAsync(network, cancellationToken);
                }
            }
        }
    }

    private static async Task<bool> HasAsync(ApplyContext at, string name, CancellationToken cancellationToken) =>
        (await NodeSituation.ReadAsync(at.Node, cancellationToken)).Networks.ContainsKey(name);
}
