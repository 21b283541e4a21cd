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
internal sealed class ServiceUpdater(ApplyContext context, ComposeService service)
{
    private const int ShortId = 12;
    private readonly NodeDocker _node = context.Node;

    public async Task RunAsync(IReadOnlyList<PlanStep> steps, CancellationToken cancellationToken)
    {
        foreach (var step in steps.Where(step => step.Action == PlanAction.Remove))
        {
            await StepAsync(
                $"Remove {step.Name}",
                step,
                () => StopAndRemoveAsync(_node, step.ContainerId, step.Name, false, cancellationToken),
                cancellationToken);
        }

        foreach (var step in steps.Where(step => step.Action is PlanAction.Create or PlanAction.Start or PlanAction.Restart))
        {
            await OneAsync(step, cancellationToken);
        }

        await ReplaceAsync([.. steps.Where(step => step.Action == PlanAction.Recreate)], cancellationToken);
    }

    /// <summary>Ends a container and takes it away; nothing happens when it is not there any more.</summary>
    public static async Task StopAndRemoveAsync(
        NodeDocker node, string container, string name, bool withVolumes, CancellationToken cancellationToken)
    {
        try
        {
            await node.ChangeAsync("POST", $"/containers/{container}/stop", "", null, $"Stopping {name}", cancellationToken);
            await node.ChangeAsync(
                "DELETE", $"/containers/{container}", withVolumes ? "?v=1" : "", null, $"Removing {name}", cancellationToken);
        }
        catch (NodeRefusalException failure) when (failure.Status == StatusCodes.Status404NotFound)
        {
            // It went in the meantime, or before this portal took over.
        }
    }

    private async Task OneAsync(PlanStep step, CancellationToken cancellationToken)
    {
        switch (step.Action)
        {
            case PlanAction.Create:
                await StepAsync(
                    $"Create {step.Name}",
                    step,
                    async () =>
                    {
                        var made = await MakeAsync(step.Name, step.Number, null, cancellationToken);
                        await StartAsync(made, step.Name, cancellationToken);
                    },
                    cancellationToken);
                break;
            case PlanAction.Start:
                await StepAsync($"Start {step.Name}", step, () => StartKnownAsync(step, cancellationToken), cancellationToken);
                break;
            default:
                await StepAsync(
                    $"Restart {step.Name}",
                    step,
                    () => _node.ChangeAsync(
                        "POST", $"/containers/{step.ContainerId}/restart", "", null, $"Restarting {step.Name}", cancellationToken),
                    cancellationToken);
                break;
        }
    }

    // One that was made and never started may lack its files: the portal may have died between the two.
    private async Task StartKnownAsync(PlanStep step, CancellationToken cancellationToken)
    {
        if ((await ContainerLook.AtAsync(_node, step.ContainerId, cancellationToken)).State == "created")
        {
            await PutFilesAsync(step.ContainerId, step.Name, cancellationToken);
        }

        await StartAsync(step.ContainerId, step.Name, cancellationToken);
    }

    private async Task ReplaceAsync(PlanStep[] steps, CancellationToken cancellationToken)
    {
        var update = service.Update;
        var atOnce = update.Parallelism == 0 ? Math.Max(steps.Length, 1) : update.Parallelism;
        var batches = steps.Chunk(atOnce).ToArray();
        for (var i = 0; i < batches.Length; i++)
        {
            if (i > 0 && update.Delay > TimeSpan.Zero)
            {
                await Task.Delay(update.Delay, context.Time, cancellationToken);
            }

            var isLast = i == batches.Length - 1;
            await Task.WhenAll(batches[i].Select(step => StepAsync(
                $"Replace {step.Name}", step, () => ReplaceAsync(step, isLast, cancellationToken), cancellationToken)));
        }
    }

    private async Task ReplaceAsync(PlanStep step, bool isLast, CancellationToken cancellationToken)
    {
        var startsFirst = service.Update.StartsFirst && !service.Ports.Any(IsFixed);
        var old = await ContainerLook.AtAsync(_node, step.ContainerId, cancellationToken);
        var name = service.ContainerName ?? ProjectPlanner.NameOf(context.Project, service, step.Number);
        var made = await MakeAsync($"{old.Id[..ShortId]}_{name}", step.Number, old, cancellationToken);
        if (startsFirst)
        {
            await StartAsync(made, name, cancellationToken);
            await ContainerWait.UntilReadyAsync(context, made, cancellationToken);
            await StopAsync(old, cancellationToken);
        }
        else
        {
            await StopAsync(old, cancellationToken);
            await StartAsync(made, name, cancellationToken);
        }

        await StopAndRemoveAsync(_node, old.Id, old.Name, false, cancellationToken);
        await RenameAsync(_node, made, name, cancellationToken);
        if (!isLast && !startsFirst)
        {
            // The next ones go only when these do their work.
            await ContainerWait.UntilReadyAsync(context, made, cancellationToken);
        }
    }

    public static Task RenameAsync(NodeDocker node, string container, string name, CancellationToken cancellationToken) => node.ChangeAsync(
        "POST", $"/containers/{container}/rename", $"?name={Uri.EscapeDataString(name)}", null, $"Naming {name}", cancellationToken);

    // Both can't hold the one port of the host.
    private static bool IsFixed(ServicePort port) => port.Published.Length > 0 && !port.Published.Contains('-', StringComparison.Ordinal);

    private async Task<string> MakeAsync(string name, int number, ContainerLook? old, CancellationToken cancellationToken)
    {
        var imageId = context.Images[service.Name];
        var labels = context.Labels.ToDictionary(StringComparer.Ordinal);
        if (old is not null)
        {
            labels[ComposeLabels.Replaces] = old.Id;
        }

        var place = new ContainerPlace(
            name, number, await ImageNameAsync(imageId, cancellationToken), imageId, labels, await SharedAsync(cancellationToken),
            old?.Kept ?? new Dictionary<string, string>())
        {
            Brought = context.Brought,
        };
        var body = ContainerBody.Of(context.Project, service, place);
        var query = new StringBuilder($"?name={Uri.EscapeDataString(name)}");
        if (ContainerBody.PlatformOf(service) is { Length: > 0 } platform)
        {
            query.Append("&platform=").Append(Uri.EscapeDataString(platform));
        }

        var made = await _node.ChangeAsync("POST", "/containers/create", query.ToString(), body, $"Creating {name}", cancellationToken);
        foreach (var warning in made!.Value.TryGetProperty("Warnings", out var warnings) && warnings.ValueKind
            == System.Text.Json.JsonValueKind.Array ? warnings.EnumerateArray().Select(text => text.GetString()!) : [])
        {
            await context.Journal.WriteAsync($"{name}: {warning}", false, cancellationToken);
        }

        var id = made.Value.GetProperty("Id").GetString()!;
        await PutFilesAsync(id, name, cancellationToken);
        return id;
    }

    private async Task PutFilesAsync(string container, string name, CancellationToken cancellationToken)
    {
        if (ServiceFile.ConfigsOf(context.Project, service) is { Count: > 0 } files)
        {
            await _node.PutArchiveAsync(container, TarFile.Of(files), $"Putting configs into {name}", cancellationToken);
        }
    }

    // The name is what people read; the id is what counts when the name stands for another image by now.
    private async Task<string> ImageNameAsync(string imageId, CancellationToken cancellationToken)
    {
        try
        {
            var found = await _node.ReadAsync($"/images/{service.Image}/json", "", cancellationToken);
            return found.GetProperty("Id").GetString() == imageId ? service.Image : imageId;
        }
        catch (NodeRefusalException failure) when (failure.Status == StatusCodes.Status404NotFound)
        {
            return imageId;
        }
    }

    private async Task<IReadOnlyDictionary<string, string>> SharedAsync(CancellationToken cancellationToken)
    {
        if (!ProjectPlanner.SharedWith(service).Any())
        {
            return new Dictionary<string, string>();
        }

        var situation = await NodeSituation.ReadAsync(_node, cancellationToken);
        return situation.Of(context.Project.Name).Select(container => container.ForPlan()).Where(container => !container.IsOneOff)
            .GroupBy(container => container.Service)
            .ToDictionary(group => group.Key, group => group.MinBy(container => container.Number)!.Id, StringComparer.Ordinal);
    }

    private Task StartAsync(string container, string name, CancellationToken cancellationToken) =>
        _node.ChangeAsync("POST", $"/containers/{container}/start", "", null, $"Starting {name}", cancellationToken);

    private Task StopAsync(ContainerLook old, CancellationToken cancellationToken) =>
        _node.ChangeAsync("POST", $"/containers/{old.Id}/stop", "", null, $"Stopping {old.Name}", cancellationToken);

    private Task StepAsync(string name, PlanStep step, Func<Task> work, CancellationToken cancellationToken) => context.Journal.StepAsync(
        context.Phase,
        name,
        async writer =>
        {
            await writer.SayAsync(step.Reason, cancellationToken);
            await work();
        },
        cancellationToken);
}
