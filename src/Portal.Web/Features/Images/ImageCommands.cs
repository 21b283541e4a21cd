using System.Globalization;
using System.Security.Claims;
using Google.Protobuf;
using Grpc.Core;
using Portal.Contracts.Images.V1;
using Portal.Contracts.Link;
using Portal.Contracts.Permissions;
using Portal.Web.Features.NodeCalls;
using Portal.Web.Features.Registries.Storage;

namespace Portal.Web.Features.Images;

/// <summary>What people do with images. Every member checks the grant; every change is in the audit log.</summary>
public sealed partial class ImageCommands(INodeCalls calls, IRegistryCredentials registries)
{
    public async Task<IReadOnlyList<Image>> ListAsync(ClaimsPrincipal user, Guid nodeId, CancellationToken cancellationToken)
    {
        var response = await calls.ReadAsync(
            user,
            nodeId,
            PermissionNames.ImagesView,
            invoker => Client(invoker).ListImagesAsync(new ListImagesRequest(), cancellationToken: cancellationToken).ResponseAsync,
            cancellationToken);
        return response.Images;
    }

    public Task<InspectImageResponse> InspectAsync(
        ClaimsPrincipal user, Guid nodeId, string image, CancellationToken cancellationToken) =>
        calls.ReadAsync(
            user,
            nodeId,
            PermissionNames.ImagesView,
            invoker => Client(invoker).InspectImageAsync(
                new InspectImageRequest { Image = image }, cancellationToken: cancellationToken).ResponseAsync,
            cancellationToken);

    public Task<CreateBusyboxImageResponse> CreateBusyboxAsync(ClaimsPrincipal user, Guid nodeId, CancellationToken cancellationToken) =>
        calls.ChangeAsync(
            user,
            nodeId,
            [PermissionNames.ImagesLoad],
            new ChangeSubject("image.create_busybox", "image", "busybox:latest", "busybox:latest"),
            invoker => Client(invoker).CreateBusyboxImageAsync(new CreateBusyboxImageRequest()).ResponseAsync,
            cancellationToken);

    /// <summary>Removes a name, or by id an image. What stands against it is an outcome, not a failure.</summary>
    public async Task<ImageRemovalOutcome> RemoveAsync(
        ClaimsPrincipal user, Guid nodeId, string image, bool force, CancellationToken cancellationToken)
    {
        try
        {
            var removed = await calls.ChangeAsync(
                user,
                nodeId,
                [PermissionNames.ImagesRemove],
                new ChangeSubject("image.remove", "image", image, image, force ? "by force" : ""),
                invoker => Client(invoker).RemoveImageAsync(new RemoveImageRequest { Image = image, Force = force }).ResponseAsync,
                cancellationToken);
            return new ImageRemovalOutcome(removed, null);
        }
        catch (NodeCallException failure) when (FindConflict(failure) is { } conflict)
        {
            return new ImageRemovalOutcome(null, conflict);
        }
    }

    /// <summary>What <see cref="PruneAsync"/> would remove now.</summary>
    public Task<PreviewPruneResponse> PreviewPruneAsync(
        ClaimsPrincipal user, Guid nodeId, PruneFilter filter, CancellationToken cancellationToken) =>
        calls.ReadAsync(
            user,
            nodeId,
            PermissionNames.ImagesView,
            invoker => Client(invoker).PreviewPruneAsync(
                new PreviewPruneRequest { Filter = filter }, cancellationToken: cancellationToken).ResponseAsync,
            cancellationToken);

    /// <summary>Removes images that no container uses.</summary>
    public Task<PruneImagesResponse> PruneAsync(
        ClaimsPrincipal user, Guid nodeId, PruneFilter filter, CancellationToken cancellationToken)
    {
        var pruned = new PruneImagesResponse();
        var detail = PruneText.Describe(filter.Labels, filter.ExcludedLabels, filter.Until?.ToDateTimeOffset());
        var subject = new ChangeSubject("image.prune", "image", "", filter.All ? "all unused images" : "dangling images", detail)
        {
            Result = () => string.Create(CultureInfo.InvariantCulture, $"images={pruned.Images} bytes={pruned.Bytes}"),
        };
        return calls.ChangeAsync(
            user,
            nodeId,
            [PermissionNames.ImagesRemove],
            subject,
            async invoker => pruned = await Client(invoker).PruneImagesAsync(new PruneImagesRequest { Filter = filter }).ResponseAsync,
            cancellationToken);
    }

    public Task TagAsync(ClaimsPrincipal user, Guid nodeId, string image, string newName, CancellationToken cancellationToken) =>
        calls.ChangeAsync(
            user,
            nodeId,
            [PermissionNames.ImagesTag],
            new ChangeSubject("image.tag", "image", image, image, $"as {newName}"),
            invoker => Client(invoker).TagImageAsync(new TagImageRequest { Image = image, NewName = newName }).ResponseAsync,
            cancellationToken);

    private static ImageConflict? FindConflict(NodeCallException failure)
    {
        if ((failure.InnerException as RpcException)?.Trailers.GetValueBytes(LinkProtocol.ImageConflictTrailer) is not { } bytes)
        {
            return null;
        }

        try
        {
            return ImageConflict.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            // From an agent that means something else by it: its words are left.
            return null;
        }
    }

    private static ImageService.ImageServiceClient Client(CallInvoker invoker) => new(invoker);
}
