using Grpc.Core;
using Portal.Compose.Docker;
using Portal.Compose.Model;
using Portal.Contracts.Images.V1;
using Portal.Contracts.Permissions;
using Portal.Contracts.Policies.Demands;
using Portal.Web.Features.Deployments.Node;
using Portal.Web.Features.Deployments.Running;
using Portal.Web.Features.NodeCalls;
using Portal.Web.Features.Registries.Storage;

namespace Portal.Web.Features.Deployments.Applying;

/// <summary>Gets the images of a project to its node before anything stops, and tells which they are.</summary>
internal sealed class ImageFetcher(
    NodeDocker node, IRegistryCredentials registries, DeploymentJournal journal, PullPolicy policy)
{
    private const int MostTries = 3;
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    /// <value>Which image a service gets, whatever its name stands for by now: see <see cref="PinnedImage"/>.</value>
    public IReadOnlyDictionary<string, string> Pins { get; init; } = new Dictionary<string, string>();

    /// <returns>The id of each service's image.</returns>
    public Task<Dictionary<string, string>> RunAsync(ComposeProject project, CancellationToken cancellationToken) =>
        RunAsync(project, new Dictionary<string, string>(), cancellationToken);

    /// <remarks><c>known</c>: images to take as they are, by the service, where the node still has them.</remarks>
    public async Task<Dictionary<string, string>> RunAsync(
        ComposeProject project, IReadOnlyDictionary<string, string> known, CancellationToken cancellationToken)
    {
        var images = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var group in project.Services.GroupBy(service => (service.Image, Platform: ContainerBody.PlatformOf(service))))
        {
            string? id = null;
            foreach (var service in group)
            {
                if (Pins.TryGetValue(service.Name, out var pin))
                {
                    images[service.Name] = await FetchPinnedAsync(service, pin, group.Key.Platform, cancellationToken);
                    continue;
                }

                var isThere = known.TryGetValue(service.Name, out var kept) && await FindAsync(node, kept, cancellationToken) is not null;
                images[service.Name] = isThere
                    ? kept! : id ??= await FetchAsync(group.First(), group.Key.Platform, [.. group], cancellationToken);
            }
        }

        return images;
    }

    /// <summary>The id of an image; null where the node does not have it.</summary>
    public static async Task<string?> FindIdAsync(NodeDocker node, string image, CancellationToken cancellationToken) =>
        (await FindAsync(node, image, cancellationToken))?.Id;

    /// <summary>An image on a node as its registry has it, <c>repository@sha256:…</c>; null where it came from none.</summary>
    public static async Task<string?> FindDigestAsync(NodeDocker node, string id, string image, CancellationToken cancellationToken)
    {
        var found = await FindAsync(node, id, cancellationToken);
        var digest = found?.Digest.IndexOf('@', StringComparison.Ordinal) is > 0 and var at ? found.Value.Digest[(at + 1)..] : null;
        return digest is null ? null : PinnedImage.Of(image, digest);
    }

    /// <summary>Whether the registry is asked for the image of a service though the node has one.</summary>
    public static bool IsAlways(ComposeService service, PullPolicy policy) => service.Definition.Text("pull_policy") switch
    {
        null => policy == PullPolicy.Always && !service.IsBuilt,
        "missing" or "if_not_present" => policy == PullPolicy.Always,
        "never" or "build" => false,

        // Daily, weekly, every so often: a deployment is such a time.
        _ => true,
    };

    private async Task<string> FetchAsync(
        ComposeService service, string platform, IReadOnlyList<ComposeService> users, CancellationToken cancellationToken)
    {
        var known = await FindAsync(node, service.Image, cancellationToken);
        if (known is not null && !users.Any(user => IsAlways(user, policy)))
        {
            return known.Value.Id;
        }

        if (users.FirstOrDefault(user => user.Definition.Text("pull_policy") is "never" or "build" || user.IsBuilt) is { } local)
        {
            throw new DeploymentRefusedException(
                E("services.{0}: the image '{1}' is not on '{2}', and is not to be pulled.", local.Name, service.Image, node.NodeName)
                + " " + N("Build it there, or load it."));
        }

        await journal.StepAsync(
            DeploymentPhase.Pull,
            E("Pull {0:name}", service.Image),
            step => RetryAsync(() => PullAsync(service.Image, platform, step, cancellationToken), cancellationToken),
            cancellationToken);
        var pulled = await FindAsync(node, service.Image, cancellationToken)
            ?? throw new DeploymentRefusedException(E("The image '{0:name}' was pulled and is not there.", service.Image));
        var now = pulled.Digest.Length > 0 ? pulled.Digest : pulled.Id;
        await journal.WriteAsync(
            known?.Id == pulled.Id ? E("{0:name} is {1:name}, as before.", service.Image, now) : E("{0:name} is {1:name}.", service.Image, now),
            false, cancellationToken);
        return pulled.Id;
    }

    // Under its tag too, as if that had been pulled when the image was fixed: people read names.
    private async Task<string> FetchPinnedAsync(ComposeService service, string pin, string platform, CancellationToken cancellationToken)
    {
        if (await FindAsync(node, pin, cancellationToken) is { } there)
        {
            return there.Id;
        }

        if (PinnedImage.IsOfTheNode(pin))
        {
            throw new DeploymentRefusedException(
                E("services.{0}: the image '{1:name}' was fixed as {2:name}, which is not on '{3}' any more.",
                    service.Name, service.Image, pin, node.NodeName));
        }

        await journal.StepAsync(
            DeploymentPhase.Pull,
            E("Pull {0:name}", pin),
            step => RetryAsync(() => PullAsync(pin, platform, step, cancellationToken), cancellationToken),
            cancellationToken);
        var pulled = await FindAsync(node, pin, cancellationToken)
            ?? throw new DeploymentRefusedException(E("The image '{0:name}' was pulled and is not there.", pin));
        if (PinnedImage.TagOf(service.Image) is var (repository, tag))
        {
            var query = $"?repo={Uri.EscapeDataString(repository)}&tag={Uri.EscapeDataString(tag)}";
            await node.ChangeAsync("POST", $"/images/{pulled.Id}/tag", query, null, E("Naming {0:name}", service.Image), cancellationToken);
        }

        return pulled.Id;
    }

    private static async Task<(string Id, string Digest)?> FindAsync(
        NodeDocker node, string image, CancellationToken cancellationToken)
    {
        try
        {
            var found = await node.ReadAsync($"/images/{image}/json", "", cancellationToken);
            var digests = found.TryGetProperty("RepoDigests", out var list) && list.ValueKind == System.Text.Json.JsonValueKind.Array
                ? list.EnumerateArray().Select(digest => digest.GetString()!) : [];
            return (found.GetProperty("Id").GetString()!, digests.FirstOrDefault() ?? "");
        }
        catch (NodeRefusalException failure) when (failure.Status == StatusCodes.Status404NotFound)
        {
            return null;
        }
    }

    // What is there of it stays on the node: each try goes on where the one before ended.
    private static async Task RetryAsync(Func<Task> pull, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await pull();
                return;
            }
            catch (NodeRefusalException failure) when (failure.Status == StatusCodes.Status503ServiceUnavailable && tries < MostTries)
            {
                await Task.Delay(s_pause * tries, cancellationToken);
            }
        }
    }

    private async Task PullAsync(string image, string platform, DeploymentStepWriter step, CancellationToken cancellationToken)
    {
        try
        {
            var request = new PullImageRequest
            {
                Image = image,
                Platform = platform,
                Credentials = await registries.FindAsync(image, node.NodeId, cancellationToken),
            };
            var invoker = node.Invoker(PermissionNames.ImagesPull, [.. PolicyDemands.Image(image, "image")]);
            using var call = new ImageService.ImageServiceClient(invoker).PullImage(request, cancellationToken: cancellationToken);
            while (await call.ResponseStream.MoveNext(cancellationToken))
            {
                if (call.ResponseStream.Current.Progress is { } progress)
                {
                    var part = new StepPart(
                        progress.Item, WordOf(progress.Phase), progress.Current, progress.HasTotal ? progress.Total : null);
                    await step.ReportAsync(part, cancellationToken);
                }
            }
        }
        catch (RpcException failure)
        {
            cancellationToken.ThrowIfCancellationRequested();

            // The registry is away, or the node: whoever answers this is there.
            await node.ReadAsync("/version", "", cancellationToken);
            throw new NodeRefusalException(
                NodeDocker.IsAway(failure) ? StatusCodes.Status503ServiceUnavailable : 0,
                E("Pulling {0:name} on '{1}' failed: {2:said}", image, node.NodeName, NodeCallException.From(failure, node.NodeName).Message));
        }
    }

    private static string WordOf(TransferPhase phase) => phase switch
    {
        TransferPhase.Resolving => "resolving",
        TransferPhase.Waiting => "waiting",
        TransferPhase.Exists => "there already",
        TransferPhase.Downloading => "downloading",
        TransferPhase.Extracting => "extracting",
        TransferPhase.Retrying => "trying again",
        _ => "done",
    };
}
