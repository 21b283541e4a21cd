using Grpc.Core;
using Portal.Contracts.Builds.V1;
using Portal.Engine.Builds;
using Portal.Engine.Errors;
using Portal.Engine.Images;

namespace Portal.Agent.Services.Builds;

/// <summary>Builds, and the cache of builds, for the portal.</summary>
internal sealed class BuildGrpcService(IBuilder builder, IImages images, TimeProvider time) : BuildService.BuildServiceBase
{
    public override async Task BuildImage(
        IAsyncStreamReader<BuildImageRequest> requestStream,
        IServerStreamWriter<BuildImageResponse> responseStream,
        ServerCallContext context)
    {
        var cancellationToken = context.CancellationToken;
        if (!await requestStream.MoveNext(cancellationToken).ConfigureAwait(false)
            || requestStream.Current.PartCase != BuildImageRequest.PartOneofCase.Options)
        {
            throw EngineException.InvalidArgument("The first message of a build must say what to build.");
        }

        var options = requestStream.Current.Options;
        var request = BuildRequests.Make(options);
        using var upload = options.ContextFollows ? new UploadStream<BuildImageRequest>(requestStream, part => part.Data) : null;
        var relay = new BuildRelay(time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var build = Task.Run(() => builder.BuildAsync(request, upload, relay, stop.Token), CancellationToken.None);
        try
        {
            await foreach (var told in relay.ReadAsync(build, stop.Token).ConfigureAwait(false))
            {
                await responseStream.WriteAsync(told, stop.Token).ConfigureAwait(false);
            }

            // With the sizes of its layers, which a build does not measure.
            var image = await images.InspectAsync((await build.ConfigureAwait(false)).Id, stop.Token).ConfigureAwait(false);
            var last = new BuildImageResponse { Result = BuildMapping.ToResult(image), Time = BuildMapping.Now(time) };
            await responseStream.WriteAsync(last, cancellationToken).ConfigureAwait(false);
        }
        catch (EngineException failure) when (!cancellationToken.IsCancellationRequested)
        {
            var last = new BuildImageResponse { Failure = BuildMapping.ToFailure(failure), Time = BuildMapping.Now(time) };
            await responseStream.WriteAsync(last, cancellationToken).ConfigureAwait(false);
            throw;
        }
        finally
        {
            // Whoever listened is gone, or the build is over: nothing of it outlives the call that it was made for.
            relay.Close();
            await stop.CancelAsync().ConfigureAwait(false);
            await ((Task)build).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public override Task<ListCacheResponse> ListCache(ListCacheRequest request, ServerCallContext context)
    {
        var response = new ListCacheResponse { Limits = BuildMapping.ToLimits(builder.CacheLimits) };
        response.Entries.AddRange(builder.ListCache().Select(BuildMapping.ToEntry));
        return Task.FromResult(response);
    }

    public override Task<PreviewCachePruneResponse> PreviewCachePrune(PreviewCachePruneRequest request, ServerCallContext context)
    {
        var (entries, bytes) = builder.PreviewPrune(BuildRequests.Make(request.Selection));
        var response = new PreviewCachePruneResponse { Bytes = bytes };
        response.Entries.AddRange(entries.Select(BuildMapping.ToEntry));
        return Task.FromResult(response);
    }

    public override async Task<PruneCacheResponse> PruneCache(PruneCacheRequest request, ServerCallContext context)
    {
        var pruned = await builder
            .PruneCacheAsync(BuildRequests.Make(request.Selection), context.CancellationToken).ConfigureAwait(false);
        var response = new PruneCacheResponse { Bytes = pruned.FreedBytes };
        response.Ids.AddRange(pruned.Ids);
        return response;
    }

    public override async Task<SetCacheLimitsResponse> SetCacheLimits(SetCacheLimitsRequest request, ServerCallContext context)
    {
        var limits = new BuildCacheLimits(request.Limits?.MaxBytes ?? 0, request.Limits?.MaxUnused?.ToTimeSpan());
        var pruned = await builder.SetCacheLimitsAsync(limits, context.CancellationToken).ConfigureAwait(false);
        var response = new SetCacheLimitsResponse { Bytes = pruned.FreedBytes };
        response.Ids.AddRange(pruned.Ids);
        return response;
    }
}
