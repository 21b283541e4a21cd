using Grpc.Core;
using Portal.Contracts.Images.V1;
using Portal.Engine.Distribution;
using Portal.Engine.Errors;
using Portal.Engine.Images;
using Portal.Engine.Images.Saving;
using Portal.Engine.Images.Space;
using LoadedImageMessage = Portal.Contracts.Images.V1.LoadedImage;

namespace Portal.Agent.Services;

internal sealed class ImageGrpcService(IImages images, IRegistries registries, IImageArchives archives, IImageSpace space)
    : ImageService.ImageServiceBase
{
    private const int MostImagesSaved = 1000;

    public override async Task<ListImagesResponse> ListImages(ListImagesRequest request, ServerCallContext context)
    {
        var all = await images.ListAsync(context.CancellationToken).ConfigureAwait(false);
        var shared = space.Measure().SharedBytes;
        var response = new ListImagesResponse();
        response.Images.AddRange(all.Select(image => ImageMapping.ToImage(image, shared.GetValueOrDefault(image.Id))));
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
        using var upload = new UploadStream<LoadImagesRequest>(requestStream, request => request.Data);
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

    public override async Task PushImage(
        PushImageRequest request, IServerStreamWriter<PushImageResponse> responseStream, ServerCallContext context)
    {
        var cancellationToken = context.CancellationToken;
        var relay = new TransferRelay();
        var push = registries.PushAsync(
            request.Image,
            RegistryMapping.ToCredentials(request.Credentials),
            ImageMapping.ToPlatform(request.Platform),
            relay,
            cancellationToken);
        await foreach (var progress in relay.ReadAsync(push, cancellationToken).ConfigureAwait(false))
        {
            var news = new PushImageResponse { Progress = ImageMapping.ToProgress(progress) };
            await responseStream.WriteAsync(news, cancellationToken).ConfigureAwait(false);
        }

        var pushed = new PushedImages();
        pushed.Images.AddRange((await push.ConfigureAwait(false)).Select(ImageMapping.ToPushed));
        await responseStream.WriteAsync(new PushImageResponse { Pushed = pushed }, cancellationToken).ConfigureAwait(false);
    }

    public override async Task SaveImages(
        SaveImagesRequest request, IServerStreamWriter<SaveImagesResponse> responseStream, ServerCallContext context)
    {
        if (request.Images.Count > MostImagesSaved)
        {
            throw EngineException.InvalidArgument($"An archive holds at most {MostImagesSaved} images at a time.");
        }

        var output = new DownloadStream<SaveImagesResponse>(responseStream, data => new SaveImagesResponse { Data = data });
        await using (output.ConfigureAwait(false))
        {
            await archives
                .SaveAsync(request.Images, output, ImageMapping.ToPlatform(request.Platform), context.CancellationToken)
                .ConfigureAwait(false);
            await output.FinishAsync(context.CancellationToken).ConfigureAwait(false);
        }
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

    public override async Task<PreviewPruneResponse> PreviewPrune(PreviewPruneRequest request, ServerCallContext context)
    {
        var preview = await space
            .PreviewAsync(ImagePruneSelection.Make(request.Filter), context.CancellationToken).ConfigureAwait(false);
        var response = new PreviewPruneResponse { Bytes = preview.Bytes };
        response.Images.AddRange(preview.Images.Select(image => ImageMapping.ToImage(image)));
        return response;
    }

    public override async Task<PruneImagesResponse> PruneImages(PruneImagesRequest request, ServerCallContext context)
    {
        var pruned = await space
            .PruneAsync(ImagePruneSelection.Make(request.Filter), context.CancellationToken).ConfigureAwait(false);
        var response = new PruneImagesResponse { Images = pruned.Removed.Count, Bytes = pruned.Bytes };
        response.Untagged.AddRange(pruned.Removed.SelectMany(removal => removal.Untagged));
        response.Deleted.AddRange(pruned.Removed.SelectMany(removal => removal.Deleted));
        return response;
    }

    private async Task<int> CountContainersAsync(string imageId, CancellationToken cancellationToken)
    {
        var all = await images.ListAsync(cancellationToken).ConfigureAwait(false);
        return all.FirstOrDefault(image => image.Id == imageId)?.Containers ?? 0;
    }
}
