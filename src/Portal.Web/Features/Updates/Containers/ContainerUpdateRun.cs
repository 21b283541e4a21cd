using System.Text.Json;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using Portal.Contracts.Images.V1;
using Portal.Contracts.Permissions;
using Portal.Contracts.Policies.Demands;
using Portal.Data;
using Portal.Data.Entities.Images;
using Portal.Web.Access;
using Portal.Web.Features.Deployments;
using Portal.Web.Features.Deployments.Applying;
using Portal.Web.Features.Deployments.Node;
using Portal.Web.Features.NodeCalls;
using Portal.Web.Features.Policies.Enforcing;
using Portal.Web.Features.Registries.Storage;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Updates.Containers;

/// <summary>
/// Puts a container of the newest image in another one's place: pulls, makes the new one beside the old one, stops that, starts and watches the
/// new one, and gives it the name; or goes back. Every step finds out what is there, so that it can be done again by whoever goes on.
/// </summary>
/// <remarks>Singleton; any thread. The claim is the caller's.</remarks>
internal sealed class ContainerUpdateRun(
    IDbContextFactory<PortalDbContext> contexts, ContainerUpdateStore store, INodeClients clients, IRegistryCredentials registries,
    SignatureAgents agents, DeploymentOptions options, TimeProvider time)
{
    /// <summary>Does it.</summary>
    /// <returns>What came of it.</returns>
    /// <exception cref="NodeAwayException">The node does not answer, in the middle of it: it is to be gone on with later.</exception>
    public async Task<(ContainerUpdateState State, string Message)> ExecuteAsync(
        ContainerUpdate update, CancellationToken cancellationToken)
    {
        var node = await NodeAsync(update, cancellationToken);
        if (update.Phase == nameof(ContainerUpdatePhase.Pull))
        {
            try
            {
                if (await PrepareAsync(node, update, cancellationToken) is { } reason)
                {
                    return (ContainerUpdateState.Succeeded, reason);
                }
            }
            catch (Exception failure) when (failure is NodeRefusalException or NodeAwayException or DeploymentRefusedException
                or ContainerUpdateException)
            {
                return (ContainerUpdateState.Failed, $"{failure.Message} {N("Nothing was changed.")}");
            }

            await ReplaceAsync(node, update, cancellationToken);
        }

        return update.Phase == nameof(ContainerUpdatePhase.Finish)
            ? await FinishAsync(node, update, cancellationToken) : await GoBackAsync(node, update, cancellationToken);
    }

    private static string TemporaryName(ContainerUpdate update) =>
        $"{update.Name[..Math.Min(update.Name.Length, 200)]}-update-{update.Id.ToString("n")[^8..]}";

    private static async Task<JsonElement?> FindAsync(NodeDocker node, string path, CancellationToken cancellationToken)
    {
        try
        {
            return await node.ReadAsync(path, "", cancellationToken);
        }
        catch (NodeRefusalException failure) when (failure.Status == StatusCodes.Status404NotFound)
        {
            return null;
        }
    }

    private async Task<NodeDocker> NodeAsync(ContainerUpdate update, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var access = await DatabaseAuthorizer.ReadActiveAsync(database, update.ActorId, cancellationToken);
        var reach = DeploymentRights.HostReach.Where(name => update.Reach.Contains(name)
            && access.Allows(name, AccessScope.Node(update.NodeId)));
        var rights = new DeploymentRights(reach, update.ActorName)
        {
            Policies = await PolicyBook.ReadAsync(database, agents, update.NodeId, cancellationToken),
        };
        return new NodeDocker(clients, update.NodeId, update.NodeName, new Actor(update.ActorId, update.ActorName, update.Address), rights);
    }

    /// <returns>Why there is nothing to do; null where there is.</returns>
    private async Task<string?> PrepareAsync(NodeDocker node, ContainerUpdate update, CancellationToken cancellationToken)
    {
        var old = await FindAsync(node, $"/containers/{update.ContainerId}/json", cancellationToken)
            ?? throw new ContainerUpdateException(N("The container is gone."));
        if (old.GetProperty("HostConfig").TryGetProperty("AutoRemove", out var isRemoved) && isRemoved.GetBoolean())
        {
            throw new ContainerUpdateException(N("It removes itself when it stops (--rm), so there would be no way back."));
        }

        var others = await node.ReadAsync("/containers/json", "?all=true", cancellationToken);
        var mode = $"container:{update.ContainerId}";
        if (others.EnumerateArray().Select(NodeContainer.Read).FirstOrDefault(other => other.NetworkMode == mode) is { } guest)
        {
            throw new ContainerUpdateException(E("'{0:name}' uses its network, and would lose it.", guest.Name));
        }

        await PullAsync(node, update, cancellationToken);
        var image = await FindAsync(node, $"/images/{update.Image}/json", cancellationToken)
            ?? throw new ContainerUpdateException(E("The image '{0:name}' was pulled and is not there.", update.Image));
        if (image.GetProperty("Id").GetString() == old.GetProperty("Image").GetString())
        {
            return N("It has the newest image already.");
        }

        update.WasRunning = old.GetProperty("State").GetProperty("Running").GetBoolean();
        return null;
    }

    private async Task PullAsync(NodeDocker node, ContainerUpdate update, CancellationToken cancellationToken)
    {
        try
        {
            var request = new PullImageRequest
            {
                Image = update.Image, Credentials = await registries.FindAsync(update.Image, update.NodeId, cancellationToken),
            };
            var invoker = node.Invoker(PermissionNames.ImagesPull, [.. PolicyDemands.Image(update.Image, "image")]);
            using var call = new ImageService.ImageServiceClient(invoker).PullImage(request, cancellationToken: cancellationToken);
            while (await call.ResponseStream.MoveNext(cancellationToken))
            {
                // How far it is shows on the page of images.
            }
        }
        catch (RpcException failure)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new ContainerUpdateException(
                E("Pulling {0:name} on '{1}' failed: {2:said}",
                    update.Image, update.NodeName, NodeCallException.From(failure, update.NodeName).Message));
        }
    }

    // Leaves the update in the phase that comes next.
    private async Task ReplaceAsync(NodeDocker node, ContainerUpdate update, CancellationToken cancellationToken)
    {
        await store.EnterAsync(update, ContainerUpdatePhase.Replace, cancellationToken);
        try
        {
            var old = await node.ReadAsync($"/containers/{update.ContainerId}/json", "", cancellationToken);
            var image = await FindAsync(node, $"/images/{old.GetProperty("Image").GetString()}/json", cancellationToken);
            var body = SuccessorBody.Of(old, image);
            var made = await node.ChangeAsync(
                "POST", "/containers/create", $"?name={Uri.EscapeDataString(TemporaryName(update))}", body, E("Making the new '{0:name}'", update.Name),
                cancellationToken);
            update.SuccessorId = made!.Value.GetProperty("Id").GetString()!;
            await store.EnterAsync(update, ContainerUpdatePhase.Replace, cancellationToken);
            if (update.WasRunning)
            {
                await StepAsync(node, update.ContainerId, "stop", E("Stopping {0:name}", update.Name), cancellationToken);
                await StepAsync(node, update.SuccessorId, "start", E("Starting the new '{0:name}'", update.Name), cancellationToken);
                await WatchAsync(node, update, cancellationToken);
            }

            await store.EnterAsync(update, ContainerUpdatePhase.Finish, cancellationToken);
        }
        catch (Exception failure) when (failure is NodeRefusalException or NodeAwayException or DeploymentRefusedException
            or ContainerUpdateException)
        {
            update.Message = failure.Message;
            await store.EnterAsync(update, ContainerUpdatePhase.Back, cancellationToken);
        }
    }

    // As long as a deployment watches, or until its healthcheck says something.
    private async Task WatchAsync(NodeDocker node, ContainerUpdate update, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        while (true)
        {
            var look = await ContainerLook.AtAsync(node, update.SuccessorId, cancellationToken);
            var passed = time.GetElapsedTime(begun);
            if (look.IsDone || (look.IsRunning && look.HasCheck && look.Health == "healthy")
                || (look.IsRunning && !look.HasCheck && look.Restarts == 0 && passed >= options.Watch))
            {
                return;
            }

            if (look.Health == "unhealthy" || look.HasEnded || look.Restarts > 0 || passed > options.Health)
            {
                var why = look.Restarts > 0 ? E("The new container was not good: it {0:said}, and was started again.", look)
                    : E("The new container was not good: it {0:said}.", look);
                throw new ContainerUpdateException($"{why} {look.Error}{look.HealthOutput}".Trim());
            }

            await Task.Delay(options.Look, time, cancellationToken);
        }
    }

    private async Task<(ContainerUpdateState State, string Message)> FinishAsync(
        NodeDocker node, ContainerUpdate update, CancellationToken cancellationToken)
    {
        await RemoveAsync(node, update.ContainerId, cancellationToken);
        var found = await FindAsync(node, $"/containers/{update.SuccessorId}/json", cancellationToken);
        if (found is null)
        {
            return (ContainerUpdateState.Succeeded, N("Somebody removed the new container."));
        }

        if (found.Value.GetProperty("Name").GetString()!.TrimStart('/') != update.Name)
        {
            await node.ChangeAsync(
                "POST", $"/containers/{update.SuccessorId}/rename", $"?name={Uri.EscapeDataString(update.Name)}", null,
                E("Naming {0:name}", update.Name), cancellationToken);
        }

        return (ContainerUpdateState.Succeeded, E("It is of {0:name} as its registry has it now.", update.Image));
    }

    private async Task<(ContainerUpdateState State, string Message)> GoBackAsync(
        NodeDocker node, ContainerUpdate update, CancellationToken cancellationToken)
    {
        var why = update.Message.Length > 0 ? update.Message : N("The portal that did it stopped in the middle.");

        // It may have been made by a portal that died before it knew its id.
        await RemoveAsync(node, update.SuccessorId.Length > 0 ? update.SuccessorId : TemporaryName(update), cancellationToken);
        if (await FindAsync(node, $"/containers/{update.ContainerId}/json", cancellationToken) is not { } old)
        {
            return (ContainerUpdateState.WentBack, $"{why} {N("The old container is gone: somebody removed it.")}");
        }

        if (update.WasRunning && !old.GetProperty("State").GetProperty("Running").GetBoolean())
        {
            try
            {
                await StepAsync(node, update.ContainerId, "start", E("Starting the old '{0:name}'", update.Name), cancellationToken);
            }
            catch (NodeRefusalException failure)
            {
                return (ContainerUpdateState.WentBack, $"{why} {failure.Message}");
            }
        }

        var now = update.WasRunning ? N("The old container runs again.") : N("The old container is as it was.");
        return (ContainerUpdateState.WentBack, $"{why} {now}");
    }

    private static Task<JsonElement?> StepAsync(
        NodeDocker node, string container, string step, string what, CancellationToken cancellationToken) =>
        node.ChangeAsync("POST", $"/containers/{container}/{step}", "", null, what, cancellationToken);

    // Its volumes stay, those without a name too: they are the other one's.
    private static async Task RemoveAsync(NodeDocker node, string container, CancellationToken cancellationToken)
    {
        try
        {
            await node.ChangeAsync("DELETE", $"/containers/{container}", "?force=true", null, N("Removing a container"), cancellationToken);
        }
        catch (NodeRefusalException failure) when (failure.Status == StatusCodes.Status404NotFound)
        {
            // It is gone.
        }
    }
}
