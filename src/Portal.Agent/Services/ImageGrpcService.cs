using Grpc.Core;
using Portal.Contracts.Images.V1;
using Portal.Engine.Distribution;
using Portal.Engine.Images;
using LoadedImageMessage = Portal.Contracts.Images.V1.LoadedImage;

namespace Portal.Agent.Services;

internal sealed class ImageGrpcService(IImages images, IRegistries registries) : ImageService.ImageServiceBase
{
    public override async Task<ListImagesResponse> ListImages(ListImagesRequest request, ServerCallContext context)
    {
        var all = await images.ListAsync(context.CancellationToken).ConfigureAwait(false);
        var response = new ListImagesResponse();
        response.Images.AddRange(all.Select(ImageMapping.ToImage));
        return response;
    }

    public override async Task<InspectImageResponse> InspectImage(InspectImageRequest request, ServerCallContext context)
    {
        var image = await images.InspectAsync(request.Image, context.CancellationToken).ConfigureAwait(false);
        var containers = await CountContainersAsync(image.Id, context.CancellationToken).ConfigureAwait(false);
        return ImageMapping.ToInspection(image, containers);
    }

    public override async Task PullImage(
        PullImageRequest request, IServerStreamWriter<PullImageResponse> responseStream, ServerCallContext context)
    {
        var cancellationToken = context.CancellationToken;
        var relay = new TransferRelay();
        var pull = registries.PullAsync(
            request.Image,
            RegistryMapping.ToCredentials(request.Credentials),
            ImageMapping.ToPlatform(request.Platform),
            relay,
            cancellationToken);
        await foreach (var progress in relay.ReadAsync(pull, cancellationToken).ConfigureAwait(false))
        {
            var news = new PullImageResponse { Progress = ImageMapping.ToProgress(progress) };
            await responseStream.WriteAsync(news, cancellationToken).ConfigureAwait(false);
        }

        var image = await pull.ConfigureAwait(false);
        var containers = await CountContainersAsync(image.Id, cancellationToken).ConfigureAwait(false);
        var last = new PullImageResponse { Image = ImageMapping.ToImage(image, containers) };
        await responseStream.WriteAsync(last, cancellationToken).ConfigureAwait(false);
    }

    public override async Task LoadImages(
        IAsyncStreamReader<LoadImagesRequest> requestStream,
        IServerStreamWriter<LoadImagesResponse> responseStream,
        ServerCallContext context)
    {
        var cancellationToken = context.CancellationToken;
        using var upload = new UploadStream(requestStream);
        var relay = new TransferRelay();
        var load = images.LoadAsync(upload, relay, cancellationToken);
        await foreach (var progress in relay.ReadAsync(load, cancellationToken).ConfigureAwait(false))
        {
            var news = new LoadImagesResponse { Progress = ImageMapping.ToProgress(progress) };
            await responseStream.WriteAsync(news, cancellationToken).ConfigureAwait(false);
        }

        var loaded = new LoadedImages();
        loaded.Images.AddRange((await load.ConfigureAwait(false)).Select(
            image => new LoadedImageMessage { Id = image.Id, Name = image.Name ?? "" }));
        await responseStream.WriteAsync(new LoadImagesResponse { Loaded = loaded }, cancellationToken).ConfigureAwait(false);
    }

    public override async Task<CreateBusyboxImageResponse> CreateBusyboxImage(
        CreateBusyboxImageRequest request, ServerCallContext context)
    {
        var image = await images.CreateFromHostBusyboxAsync(context.CancellationToken).ConfigureAwait(false);
        var containers = await CountContainersAsync(image.Id, context.CancellationToken).ConfigureAwait(false);
        return new CreateBusyboxImageResponse { Image = ImageMapping.ToImage(image, containers) };
    }

    public override async Task<TagImageResponse> TagImage(TagImageRequest request, ServerCallContext context)
    {
        await images.TagAsync(request.Image, request.NewName, context.CancellationToken).ConfigureAwait(false);
        return new TagImageResponse();
    }

    public override async Task<RemoveImageResponse> RemoveImage(RemoveImageRequest request, ServerCallContext context)
    {
        var removal = await images
            .RemoveAsync(request.Image, request.Force, context.CancellationToken).ConfigureAwait(false);
        var response = new RemoveImageResponse();
        response.Untagged.AddRange(removal.Untagged);
        response.Deleted.AddRange(removal.Deleted);
        return response;
    }

    private async Task<int> CountContainersAsync(string imageId, CancellationToken cancellationToken)
    {
        var all = await images.ListAsync(cancellationToken).ConfigureAwait(false);
        return all.FirstOrDefault(image => image.Id == imageId)?.Containers ?? 0;
    }
}
