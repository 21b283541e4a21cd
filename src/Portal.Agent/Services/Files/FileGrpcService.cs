using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Portal.Contracts.Files.V1;
using Portal.Engine.Containers.Committing;
using Portal.Engine.Errors;
using Portal.Engine.Trees;

namespace Portal.Agent.Services.Files;

internal sealed partial class FileGrpcService(IContainerTrees trees, IContainerFiles files, IContainerCommits commits)
    : FileService.FileServiceBase
{
    // The contract allows no more in a message.
    private const int MostChanges = 1000;

    public override async Task ListChanges(
        ListChangesRequest request, IServerStreamWriter<ListChangesResponse> responseStream, ServerCallContext context)
    {
        foreach (var changes in trees.ListChanges(request.Container).Chunk(MostChanges))
        {
            var response = new ListChangesResponse();
            response.Changes.AddRange(changes.Select(change => new Change { Path = change.Path, Kind = Map(change.Kind) }));
            await responseStream.WriteAsync(response, context.CancellationToken).ConfigureAwait(false);
        }
    }

    public override async Task<StatPathResponse> StatPath(StatPathRequest request, ServerCallContext context)
    {
        var stat = await trees.StatAsync(request.Container, request.Path, context.CancellationToken).ConfigureAwait(false);
        return new StatPathResponse { Stat = Map(stat) };
    }

    public override async Task ReadFiles(
        ReadFilesRequest request, IServerStreamWriter<ReadFilesResponse> responseStream, ServerCallContext context)
    {
        var output = new DownloadStream<ReadFilesResponse>(responseStream, data => new ReadFilesResponse { Data = data });
        await using (output.ConfigureAwait(false))
        {
            await trees.ReadAsync(request.Container, request.Path, BeginAsync, context.CancellationToken).ConfigureAwait(false);
            await output.FinishAsync(context.CancellationToken).ConfigureAwait(false);
        }

        async ValueTask<Stream> BeginAsync(TreeStat stat)
        {
            await responseStream.WriteAsync(new ReadFilesResponse { Stat = Map(stat) }, context.CancellationToken).ConfigureAwait(false);
            return output;
        }
    }

    public override async Task<WriteFilesResponse> WriteFiles(
        IAsyncStreamReader<WriteFilesRequest> requestStream, ServerCallContext context)
    {
        if (!await requestStream.MoveNext(context.CancellationToken).ConfigureAwait(false)
            || requestStream.Current.Target is not { } target)
        {
            throw EngineException.InvalidArgument("The first message must tell where to write.");
        }

        var upload = new UploadStream<WriteFilesRequest>(requestStream, Unwrap);
        await using (upload.ConfigureAwait(false))
        {
            await trees.WriteAsync(target.Container, target.Path, upload, target.KeepKinds, target.ToUser, context.CancellationToken)
                .ConfigureAwait(false);
        }

        return new WriteFilesResponse();
    }

    public override async Task ExportContainer(
        ExportContainerRequest request, IServerStreamWriter<ExportContainerResponse> responseStream, ServerCallContext context)
    {
        var output = new DownloadStream<ExportContainerResponse>(responseStream, data => new ExportContainerResponse { Data = data });
        await using (output.ConfigureAwait(false))
        {
            await trees.ExportAsync(request.Container, output, context.CancellationToken).ConfigureAwait(false);
            await output.FinishAsync(context.CancellationToken).ConfigureAwait(false);
        }
    }

    public override async Task<CommitContainerResponse> CommitContainer(CommitContainerRequest request, ServerCallContext context)
    {
        var commit = new ContainerCommit
        {
            Container = request.Container,
            Name = request.Name.Length == 0 ? null : request.Name,
            Author = request.Author,
            Message = request.Message,
            Pause = !request.NoPause,
            Changes = [.. request.Changes],
        };
        return new CommitContainerResponse
        {
            ImageId = (await commits.CommitAsync(commit, context.CancellationToken).ConfigureAwait(false)).Id,
        };
    }

    private static ByteString Unwrap(WriteFilesRequest request)
    {
        return request.EventCase == WriteFilesRequest.EventOneofCase.Data
            ? request.Data
            : throw EngineException.InvalidArgument("After the first message only data may come.");
    }

    private static PathStat Map(TreeStat stat) => new()
    {
        Name = stat.Name,
        SizeBytes = stat.Size,
        Mode = (uint)stat.Mode,
        ModifiedAt = Timestamp.FromDateTimeOffset(stat.Modified),
        LinkTarget = stat.LinkTarget,
    };

    private static ChangeKind Map(TreeChangeKind kind) => kind switch
    {
        TreeChangeKind.Added => ChangeKind.Added,
        TreeChangeKind.Deleted => ChangeKind.Deleted,
        _ => ChangeKind.Modified,
    };
}
