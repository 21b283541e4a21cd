using Google.Protobuf;
using Grpc.Core;
using Portal.Contracts.Volumes.V1;
using Portal.Engine.Api.Volumes;
using Portal.Engine.Containers;
using Portal.Engine.Errors;
using Portal.Engine.Volumes;
using Portal.Engine.Volumes.Backups;
using EngineProgress = Portal.Engine.Volumes.Backups.VolumeTransferProgress;

namespace Portal.Agent.Services.Volumes;

internal sealed class VolumeGrpcService(IVolumes volumes, IContainers containers, IVolumeBackups backups)
    : VolumeService.VolumeServiceBase
{
    public override async Task<ListVolumesResponse> ListVolumes(ListVolumesRequest request, ServerCallContext context)
    {
        var selects = VolumeSelection.Make(request.Filter);
        var all = await volumes.ListWithSizesAsync(context.CancellationToken).ConfigureAwait(false);
        var response = new ListVolumesResponse();
        response.Volumes.AddRange(await MapAsync(all.Where(selects), context.CancellationToken).ConfigureAwait(false));
        return response;
    }

    public override async Task<InspectVolumeResponse> InspectVolume(InspectVolumeRequest request, ServerCallContext context)
    {
        if (request.Measure)
        {
            await volumes.MeasureAsync(request.Volume, context.CancellationToken).ConfigureAwait(false);
        }

        var volume = await volumes.InspectAsync(request.Volume, context.CancellationToken).ConfigureAwait(false);
        return new InspectVolumeResponse
        {
            Volume = (await MapAsync([volume], context.CancellationToken).ConfigureAwait(false))[0],
            Json = DockerVolumeInspect.Format(volume),
        };
    }

    public override async Task<CreateVolumeResponse> CreateVolume(CreateVolumeRequest request, ServerCallContext context)
    {
        var wanted = new VolumeRequest
        {
            Name = request.Name,
            Driver = request.Driver,
            Options = new Dictionary<string, string>(request.Options),
            Labels = new Dictionary<string, string>(request.Labels),
        };
        var volume = await volumes.CreateAsync(wanted, context.CancellationToken).ConfigureAwait(false);
        if (request.Options.Count > 0 && !IsSame(volume.Options, request.Options))
        {
            throw EngineException.Conflict(
                $"create {volume.Name}: there is a volume of that name with other options. Remove it first, or take another name.");
        }

        return new CreateVolumeResponse
        {
            Volume = (await MapAsync([volume], context.CancellationToken).ConfigureAwait(false))[0],
        };
    }

    public override async Task<RemoveVolumeResponse> RemoveVolume(RemoveVolumeRequest request, ServerCallContext context)
    {
        try
        {
            await volumes.RemoveAsync(request.Volume, context.CancellationToken).ConfigureAwait(false);
        }
        catch (EngineException failure) when (failure.Kind == EngineErrorKind.NotFound && request.Force)
        {
            // Force asks that it be gone, and it is.
        }

        return new RemoveVolumeResponse();
    }

    public override async Task<PreviewPruneResponse> PreviewPrune(PreviewPruneRequest request, ServerCallContext context)
    {
        var selects = VolumeSelection.Make(request.Filter);
        var all = await volumes.ListWithSizesAsync(context.CancellationToken).ConfigureAwait(false);
        var unused = all.Where(volume => volume.Users.Count == 0 && selects(volume)).ToList();
        var response = new PreviewPruneResponse
        {
            Bytes = unused.Sum(volume => volume.Size?.Bytes ?? 0),
            Unmeasured = unused.Count(volume => volume.Size is null),
        };
        response.Volumes.AddRange(await MapAsync(unused, context.CancellationToken).ConfigureAwait(false));
        return response;
    }

    public override async Task<PruneVolumesResponse> PruneVolumes(PruneVolumesRequest request, ServerCallContext context)
    {
        var pruned = await volumes.PruneAsync(VolumeSelection.Make(request.Filter), context.CancellationToken).ConfigureAwait(false);
        var response = new PruneVolumesResponse { Bytes = pruned.Bytes };
        response.Removed.AddRange(pruned.Names);
        return response;
    }

    public override async Task BackupVolume(
        BackupVolumeRequest request, IServerStreamWriter<BackupVolumeResponse> responseStream, ServerCallContext context)
    {
        using var ordered = new OrderedWriter<BackupVolumeResponse>(responseStream);
        var output = new DownloadStream<BackupVolumeResponse>(ordered, data => new BackupVolumeResponse { Data = data });
        await using (output.ConfigureAwait(false))
        {
            using var both = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
            var relay = new NewestRelay<EngineProgress>();
            var work = backups.BackupAsync(request.Volume, VolumeMapping.ToHandling(request.Users), output, relay, both.Token);
            var made = await relay.RelayAsync(work, SendAsync, context.CancellationToken).ConfigureAwait(false);
            await output.FinishAsync(context.CancellationToken).ConfigureAwait(false);
            var summary = new BackupVolumeResponse { Summary = VolumeMapping.ToSummary(made) };
            await ordered.WriteAsync(summary, context.CancellationToken).ConfigureAwait(false);

            async Task SendAsync(EngineProgress news)
            {
                try
                {
                    var message = new BackupVolumeResponse { Progress = VolumeMapping.ToProgress(news) };
                    await ordered.WriteAsync(message, context.CancellationToken).ConfigureAwait(false);
                }
                catch
                {
                    // Nobody reads any more.
                    await both.CancelAsync().ConfigureAwait(false);
                    throw;
                }
            }
        }
    }

    public override async Task RestoreVolume(
        IAsyncStreamReader<RestoreVolumeRequest> requestStream,
        IServerStreamWriter<RestoreVolumeResponse> responseStream,
        ServerCallContext context)
    {
        if (!await requestStream.MoveNext(context.CancellationToken).ConfigureAwait(false)
            || requestStream.Current.Target is not { } target)
        {
            throw EngineException.InvalidArgument("The first message must tell where to restore to.");
        }

        // The interceptor could not see this message.
        PermissionInterceptor.CheckFirst(context, requestStream.Current);
        var upload = new UploadStream<RestoreVolumeRequest>(requestStream, Unwrap);
        await using (upload.ConfigureAwait(false))
        {
            var relay = new NewestRelay<EngineProgress>();
            var work = backups.RestoreAsync(VolumeMapping.ToRestore(target), upload, relay, context.CancellationToken);
            var made = await relay.RelayAsync(work, SendAsync, context.CancellationToken).ConfigureAwait(false);
            var volume = await volumes.InspectAsync(target.Volume, context.CancellationToken).ConfigureAwait(false);
            var summary = new RestoreSummary
            {
                Volume = (await MapAsync([volume], context.CancellationToken).ConfigureAwait(false))[0],
                Entries = made.Entries,
                Bytes = made.Bytes,
            };
            var last = new RestoreVolumeResponse { Summary = summary };
            await responseStream.WriteAsync(last, context.CancellationToken).ConfigureAwait(false);
        }

        Task SendAsync(EngineProgress news) => responseStream.WriteAsync(
            new RestoreVolumeResponse { Progress = VolumeMapping.ToProgress(news) }, context.CancellationToken);
    }

    private static ByteString Unwrap(RestoreVolumeRequest request)
    {
        return request.EventCase == RestoreVolumeRequest.EventOneofCase.Data
            ? request.Data
            : throw EngineException.InvalidArgument("After the first message only data may come.");
    }

    private static bool IsSame(IReadOnlyDictionary<string, string> left, IDictionary<string, string> right) =>
        left.Count == right.Count && left.All(pair => right.TryGetValue(pair.Key, out var value) && value == pair.Value);

    private async Task<List<Volume>> MapAsync(IEnumerable<VolumeInfo> found, CancellationToken cancellationToken)
    {
        var all = await containers.ListAsync(all: true, cancellationToken).ConfigureAwait(false);
        var byId = all.ToDictionary(container => container.Id, StringComparer.Ordinal);
        return found.Select(volume => VolumeMapping.ToVolume(volume, byId)).ToList();
    }
}
