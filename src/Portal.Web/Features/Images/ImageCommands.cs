using System.Security.Claims;
using Grpc.Core;
using Portal.Contracts.Images.V1;
using Portal.Contracts.Permissions;
using Portal.Web.Features.NodeCalls;
using Portal.Web.Features.Registries.Storage;

namespace Portal.Web.Features.Images;

/// <summary>What people do with images. Every member checks the grant; every change is in the audit log.</summary>
public sealed class ImageCommands(INodeCalls calls, IRegistryCredentials registries)
{
    // One message on the wire; the contract allows no more.
    private const int PieceSize = 256 * 1024;

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

    /// <summary>Pulls, with the portal's login to the image's registry where it has one; cancelling stops it on the node.</summary>
    public Task<Image> PullAsync(
        ClaimsPrincipal user, Guid nodeId, string image, Action<TransferProgress> onProgress, CancellationToken cancellationToken) =>
        calls.ChangeAsync(
            user,
            nodeId,
            [PermissionNames.ImagesPull],
            new ChangeSubject("image.pull", "image", image, image),
            async invoker =>
            {
                var credentials = await registries.FindAsync(image, cancellationToken);
                var request = new PullImageRequest { Image = image, Credentials = credentials };
                using var call = Client(invoker).PullImage(request, cancellationToken: cancellationToken);
                await foreach (var message in call.ResponseStream.ReadAllAsync(cancellationToken))
                {
                    if (message.EventCase == PullImageResponse.EventOneofCase.Image)
                    {
                        return message.Image;
                    }

                    onProgress(message.Progress);
                }

                throw new RpcException(new Status(StatusCode.Internal, "The node ended the pull without a result. Try again."));
            },
            cancellationToken);

    /// <summary>Sends an archive to a node, piece by piece as it comes; nothing is kept here.</summary>
    public Task<IReadOnlyList<LoadedImage>> LoadAsync(
        ClaimsPrincipal user, Guid nodeId, string fileName, Stream archive, CancellationToken cancellationToken) =>
        calls.ChangeAsync<IReadOnlyList<LoadedImage>>(
            user,
            nodeId,
            [PermissionNames.ImagesLoad],
            new ChangeSubject("image.load", "image", fileName, fileName),
            async invoker =>
            {
                using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                using var call = Client(invoker).LoadImages(cancellationToken: stop.Token);
                var sending = SendAsync(archive, call, stop);
                try
                {
                    return await ReadLoadedAsync(call, stop.Token);
                }
                finally
                {
                    // When the browser broke off, that is the failure to tell, not the call that was stopped for it.
                    await sending;
                }
            },
            cancellationToken);

    public Task<CreateBusyboxImageResponse> CreateBusyboxAsync(ClaimsPrincipal user, Guid nodeId, CancellationToken cancellationToken) =>
        calls.ChangeAsync(
            user,
            nodeId,
            [PermissionNames.ImagesLoad],
            new ChangeSubject("image.create_busybox", "image", "busybox:latest", "busybox:latest"),
            invoker => Client(invoker).CreateBusyboxImageAsync(new CreateBusyboxImageRequest()).ResponseAsync,
            cancellationToken);

    public Task<RemoveImageResponse> RemoveAsync(
        ClaimsPrincipal user, Guid nodeId, string image, bool force, CancellationToken cancellationToken) =>
        calls.ChangeAsync(
            user,
            nodeId,
            [PermissionNames.ImagesRemove],
            new ChangeSubject("image.remove", "image", image, image),
            invoker => Client(invoker).RemoveImageAsync(new RemoveImageRequest { Image = image, Force = force }).ResponseAsync,
            cancellationToken);

    public Task TagAsync(ClaimsPrincipal user, Guid nodeId, string image, string newName, CancellationToken cancellationToken) =>
        calls.ChangeAsync(
            user,
            nodeId,
            [PermissionNames.ImagesTag],
            new ChangeSubject("image.tag", "image", image, image, $"as {newName}"),
            invoker => Client(invoker).TagImageAsync(new TagImageRequest { Image = image, NewName = newName }).ResponseAsync,
            cancellationToken);

    private static async Task SendAsync(
        Stream archive, AsyncDuplexStreamingCall<LoadImagesRequest, LoadImagesResponse> call, CancellationTokenSource stop)
    {
        var piece = new byte[PieceSize];
        try
        {
            int count;
            while ((count = await archive.ReadAtLeastAsync(piece, PieceSize, throwOnEndOfStream: false, stop.Token)) > 0)
            {
                var data = Google.Protobuf.ByteString.CopyFrom(piece, 0, count);
                await call.RequestStream.WriteAsync(new LoadImagesRequest { Data = data }, stop.Token);
            }

            await call.RequestStream.CompleteAsync();
        }
        catch (RpcException)
        {
            // The node has answered already (a bad archive, a full disk): the answer tells why, and the rest need not be sent.
        }
        catch (InvalidOperationException)
        {
            // The same, seen from the writer: the call has ended.
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException)
        {
            await stop.CancelAsync();
            throw new RpcException(new Status(StatusCode.Cancelled, "The upload broke off. Nothing of it was kept; send it again."));
        }
    }

    private static async Task<IReadOnlyList<LoadedImage>> ReadLoadedAsync(
        AsyncDuplexStreamingCall<LoadImagesRequest, LoadImagesResponse> call, CancellationToken cancellationToken)
    {
        await foreach (var message in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            if (message.EventCase == LoadImagesResponse.EventOneofCase.Loaded)
            {
                return message.Loaded.Images;
            }
        }

        throw new RpcException(new Status(StatusCode.Internal, "The node ended the load without a result. Try again."));
    }

    private static ImageService.ImageServiceClient Client(CallInvoker invoker) => new(invoker);
}
