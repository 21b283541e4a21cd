using System.Text;
using Portal.Compose.Docker;
using Portal.Compose.Model;
using Portal.Compose.Planning;
using Portal.Web.Features.Deployments.Node;

namespace Portal.Web.Features.Deployments.Applying;

/// <summary>
/// Does what the plan says of one service's containers. Any step may be the last before the portal dies: an old container goes only
/// when its successor has started, a successor is known by its label, and what is found half done is put right before the next plan
/// (<see cref="Leftovers"/>).
/// </summary>
/// <param name="context">Of the whole deployment.</param>
/// <param name="at">The same for the node of a step, with its files there.</param>
/// <param name="service">The service.</param>
internal sealed partial class ServiceUpdater(ApplyContext context, Func<Guid?, ApplyContext> at, ComposeService service)
{
    private const int ShortId = 12;
    private readonly ServiceUpdate _update = context.UpdateOf(service);

    public async Task RunAsync(IReadOnlyList<PlanStep> steps, CancellationToken cancellationToken)
    {
        var failures = new ServiceFailures(context, service, steps.Count(step => step.Action != PlanAction.Remove));

        // One that is there twice goes when the other runs.
        var late = steps.Where(step => step is { Action: PlanAction.Remove, Node: not null }
            && steps.Any(other => other.Action != PlanAction.Remove && other.Number == step.Number)).ToArray();
        await RemoveAsync([.. steps.Where(step => step.Action == PlanAction.Remove).Except(late)], cancellationToken);

        foreach (var step in steps.Where(step => step.Action is PlanAction.Create or PlanAction.Start or PlanAction.Restart))
        {
            if (await ServiceFailures.OfAsync(() => OneAsync(step, cancellationToken)) is { } failure)
            {
                await failures.CountAsync([failure], cancellationToken);
            }
        }

        await ReplaceAsync(
            [.. steps.Where(step => step.Action is PlanAction.Recreate or PlanAction.Move)], failures, cancellationToken);
        await RemoveAsync(late, cancellationToken);
    }

    /// <summary>Ends a container and takes it away; nothing happens when it is not there any more.</summary>
    public static async Task StopAndRemoveAsync(
        NodeDocker node, string container, string name, bool withVolumes, CancellationToken cancellationToken)
    {
        try
        {
            await node.ChangeAsync("POST", $"/containers/{container}/stop", "", null, E("Stopping {0:name}", name), cancellationToken);
            await node.ChangeAsync(
                "DELETE", $"/containers/{container}", withVolumes ? "?v=1" : "", null, E("Removing {0:name}", name), cancellationToken);
        }
        catch (NodeRefusalException failure) when (failure.Status == StatusCodes.Status404NotFound)
        {
            // It went in the meantime, or before this portal took over.
        }
    }

    private async Task RemoveAsync(IReadOnlyList<PlanStep> steps, CancellationToken cancellationToken)
    {
        foreach (var step in steps)
        {
            await StepAsync(
                E("Remove {0:name}", step.Name),
                step,
                () => StopAndRemoveAsync(at(step.Node).Node, step.ContainerId, step.Name, false, cancellationToken),
                cancellationToken);
        }
    }

    private async Task OneAsync(PlanStep step, CancellationToken cancellationToken)
    {
        switch (step.Action)
        {
            case PlanAction.Create:
                await StepAsync(
                    E("Create {0:name}", step.Name),
                    step,
                    async () =>
                    {
                        var made = await MakeAsync(at(step.Node), step.Name, step.Number, null, cancellationToken);
                        await StartAsync(at(step.Node).Node, made, step.Name, cancellationToken);
                    },
                    cancellationToken);
                break;
            case PlanAction.Start:
                await StepAsync(E("Start {0:name}", step.Name), step, () => StartKnownAsync(step, cancellationToken), cancellationToken);
                break;
            default:
                await StepAsync(
                    E("Restart {0:name}", step.Name),
                    step,
                    () => at(step.Node).Node.ChangeAsync(
                        "POST", $"/containers/{step.ContainerId}/restart", "", null, E("Restarting {0:name}", step.Name), cancellationToken),
                    cancellationToken);
                break;
        }
    }

    // One that was made and never started may lack its files: the portal may have died between the two.
    private async Task StartKnownAsync(PlanStep step, CancellationToken cancellationToken)
    {
        var node = at(step.Node).Node;
        if ((await ContainerLook.AtAsync(node, step.ContainerId, cancellationToken)).State == "created")
        {
            await PutFilesAsync(node, step.ContainerId, step.Name, cancellationToken);
        }

        await StartAsync(node, step.ContainerId, step.Name, cancellationToken);
    }

    public static Task RenameAsync(NodeDocker node, string container, string name, CancellationToken cancellationToken) => node.ChangeAsync(
        "POST", $"/containers/{container}/rename", $"?name={Uri.EscapeDataString(name)}", null, E("Naming {0:name}", name), cancellationToken);

    private async Task<string> MakeAsync(
        ApplyContext here, string name, int number, ContainerLook? old, CancellationToken cancellationToken)
    {
        var imageId = here.Images[service.Name];
        var labels = here.Labels.ToDictionary(StringComparer.Ordinal);
        if (old is not null)
        {
            labels[ComposeLabels.Replaces] = old.Id;
        }

        var place = new ContainerPlace(
            name, number, await ImageNameAsync(here.Node, imageId, cancellationToken), imageId, labels,
            await SharedAsync(here.Node, cancellationToken),
            old?.Kept ?? new Dictionary<string, string>())
        {
            Brought = here.Brought,
        };
        var body = ContainerBody.Of(context.Project, service, place);
        var query = new StringBuilder($"?name={Uri.EscapeDataString(name)}");
        if (ContainerBody.PlatformOf(service) is { Length: > 0 } platform)
        {
            query.Append("&platform=").Append(Uri.EscapeDataString(platform));
        }

        var made = await here.Node.ChangeAsync(
            "POST", "/containers/create", query.ToString(), body, E("Creating {0:name}", name), cancellationToken);
        foreach (var warning in made!.Value.TryGetProperty("Warnings", out var warnings) && warnings.ValueKind
            == System.Text.Json.JsonValueKind.Array ? warnings.EnumerateArray().Select(text => text.GetString()!) : [])
        {
            await context.Journal.WriteAsync($"{name}: {warning}", false, cancellationToken);
        }

        var id = made.Value.GetProperty("Id").GetString()!;
        await PutFilesAsync(here.Node, id, name, cancellationToken);
        return id;
    }

    private async Task PutFilesAsync(NodeDocker node, string container, string name, CancellationToken cancellationToken)
    {
        if (ServiceFile.ConfigsOf(context.Project, service) is { Count: > 0 } files)
        {
            await node.PutArchiveAsync(container, TarFile.Of(files), E("Putting configs into {0:name}", name), cancellationToken);
        }
    }

    // The name is what people read; the id is what counts when the name stands for another image by now.
    private async Task<string> ImageNameAsync(NodeDocker node, string imageId, CancellationToken cancellationToken)
    {
        try
        {
            var found = await node.ReadAsync($"/images/{service.Image}/json", "", cancellationToken);
            return found.GetProperty("Id").GetString() == imageId ? service.Image : imageId;
        }
        catch (NodeRefusalException failure) when (failure.Status == StatusCodes.Status404NotFound)
        {
            return imageId;
        }
    }

    private async Task<IReadOnlyDictionary<string, string>> SharedAsync(NodeDocker node, CancellationToken cancellationToken)
    {
        if (!ProjectPlanner.SharedWith(service).Any())
        {
            return new Dictionary<string, string>();
        }

        var situation = await NodeSituation.ReadAsync(node, cancellationToken);
        return situation.Of(context.Project.Name).Select(container => container.ForPlan()).Where(container => !container.IsOneOff)
            .GroupBy(container => container.Service)
            .ToDictionary(group => group.Key, group => group.MinBy(container => container.Number)!.Id, StringComparer.Ordinal);
    }

    private static Task StartAsync(NodeDocker node, string container, string name, CancellationToken cancellationToken) =>
        node.ChangeAsync("POST", $"/containers/{container}/start", "", null, E("Starting {0:name}", name), cancellationToken);

    // One that has gone by itself needs no stop.
    private static async Task StopAsync(NodeDocker node, string container, string name, CancellationToken cancellationToken)
    {
        try
        {
            await node.ChangeAsync("POST", $"/containers/{container}/stop", "", null, E("Stopping {0:name}", name), cancellationToken);
        }
        catch (NodeRefusalException failure) when (failure.Status == StatusCodes.Status404NotFound)
        {
            // It is gone.
        }
    }

    private Task StepAsync(string name, PlanStep step, Func<Task> work, CancellationToken cancellationToken) => context.Journal.StepAsync(
        context.Phase,
        context.Target.Placed(name, step),
        async writer =>
        {
            await writer.SayAsync(step.Reason, cancellationToken);
            await work();
        },
        cancellationToken);
}
