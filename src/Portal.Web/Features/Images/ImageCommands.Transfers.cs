using System.Security.Claims;
using Grpc.Core;
using Portal.Contracts.Images.V1;
using Portal.Contracts.Permissions;
using Portal.Contracts.Policies.Demands;
using Portal.Web.Features.NodeCalls;

namespace Portal.Web.Features.Images;

/// <content>What moves images: pull, push, load.</content>
public sealed partial class ImageCommands
{
    // One message on the wire; the contract allows no more.
    private const int PieceSize = 256 * 1024;

    /// <summary>Pulls, with the portal's login to the image's registry where it has one; cancelling stops it on the node.</summary>
    public Task<Image> PullAsync(
        ClaimsPrincipal user, Guid nodeId, string image, string platform, Action<TransferProgress> onProgress,
        CancellationToken cancellationToken) =>
        calls.ChangeAsync(
            user,
            nodeId,
            [PermissionNames.ImagesPull],
            new ChangeSubject("image.pull", "image", image, image, platform) { Demands = [.. PolicyDemands.Image(image, "image")] },
            async invoker =>
            {
                var credentials = await registries.FindAsync(image, nodeId, cancellationToken);
                var request = new PullImageRequest { Image = image, Platform = platform, Credentials = credentials };
                using var call = Client(invoker).PullImage(request, cancellationToken: cancellationToken);
                await foreach (var message in call.ResponseStream.ReadAllAsync(cancellationToken))
                {
                    if (message.EventCase == PullImageResponse.EventOneofCase.Image)
                    {
                        return message.Image;
                    }

                    onProgress(message.Progress);
                }

                throw new RpcException(new Status(StatusCode.Internal, N("The node ended the pull without a result. Try again.")));
            },
            cancellationToken);

    /// <summary>
    /// Pushes a name, with the portal's login to its registry where it has one; cancelling stops it on the node.
    /// </summary>
    public Task<PushedImages> PushAsync(
        ClaimsPrincipal user, Guid nodeId, string image, Action<TransferProgress> onProgress, CancellationToken cancellationToken) =>
        calls.ChangeAsync(
            user,
            nodeId,
            [PermissionNames.ImagesPush],
            new ChangeSubject("image.push", "image", image, image),
            async invoker =>
            {
                var credentials = await registries.FindAsync(image, nodeId, cancellationToken);
                var request = new PushImageRequest { Image = image, Credentials = credentials };
                using var call = Client(invoker).PushImage(request, cancellationToken: cancellationToken);
                await foreach (var message in call.ResponseStream.ReadAllAsync(cancellationToken))
                {
                    if (message.EventCase == PushImageResponse.EventOneofCase.Pushed)
                    {
                        return message.Pushed;
                    }

                    onProgress(message.Progress);
                }

                throw new RpcException(new Status(StatusCode.Internal, N("The node ended the push without a result. Try again.")));
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
            throw new RpcException(new Status(StatusCode.Cancelled, N("The upload broke off. Nothing of it was kept; send it again.")));
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

        throw new RpcException(new Status(StatusCode.Internal, N("The node ended the load without a result. Try again.")));
    }
}
