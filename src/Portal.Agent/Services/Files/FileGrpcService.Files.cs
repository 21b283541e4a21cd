using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Portal.Contracts.Files.V1;
using Portal.Engine.Errors;
using Portal.Engine.Trees;

namespace Portal.Agent.Services.Files;

/// <content>Files one by one.</content>
internal sealed partial class FileGrpcService
{
    // The contract's bounds: more nobody reads through, and a page and the link must carry it.
    private const int MostEntries = 25_000;
    private const int MostEntriesInMessage = 1000;
    private const int MostCounted = 100_000;

    public override async Task ListFolder(
        ListFolderRequest request, IServerStreamWriter<ListFolderResponse> responseStream, ServerCallContext context)
    {
        if (request.Most is < 0 or > MostEntries)
        {
            throw EngineException.InvalidArgument($"Between 1 and {MostEntries} entries can be listed, not {request.Most}.");
        }

        var most = request.Most == 0 ? MostEntries : request.Most;
        var listing = await files.UseAsync(
            request.Container, tree => ValueTask.FromResult(tree.List(request.Path, most)), context.CancellationToken)
            .ConfigureAwait(false);

        // One message at least: it tells that the folder is empty, and not that the agent is gone.
        foreach (var entries in listing.Entries.Chunk(MostEntriesInMessage).DefaultIfEmpty([]))
        {
            var response = new ListFolderResponse { Total = listing.Total };
            response.Entries.AddRange(entries.Select(Map));
            await responseStream.WriteAsync(response, context.CancellationToken).ConfigureAwait(false);
        }
    }

    public override async Task ReadFile(
        ReadFileRequest request, IServerStreamWriter<ReadFileResponse> responseStream, ServerCallContext context)
    {
        var output = new DownloadStream<ReadFileResponse>(responseStream, data => new ReadFileResponse { Data = data });
        await using (output.ConfigureAwait(false))
        {
            var most = request.MostBytes > 0 ? request.MostBytes : long.MaxValue;
            await files.UseAsync(request.Container, ReadAsync, context.CancellationToken).ConfigureAwait(false);
            await output.FinishAsync(context.CancellationToken).ConfigureAwait(false);

            async ValueTask<bool> ReadAsync(ITreeFiles tree)
            {
                await tree.ReadAsync(request.Path, most, BeginAsync, context.CancellationToken).ConfigureAwait(false);
                return true;
            }
        }

        async ValueTask<Stream> BeginAsync(TreeEntry entry)
        {
            await responseStream.WriteAsync(new ReadFileResponse { Entry = Map(entry) }, context.CancellationToken).ConfigureAwait(false);
            return output;
        }
    }

    public override async Task<WriteFileResponse> WriteFile(
        IAsyncStreamReader<WriteFileRequest> requestStream, ServerCallContext context)
    {
        if (!await requestStream.MoveNext(context.CancellationToken).ConfigureAwait(false)
            || requestStream.Current.Target is not { } target)
        {
            throw EngineException.InvalidArgument("The first message must tell where to write.");
        }

        var upload = new FileUploadStream(requestStream);
        await using (upload.ConfigureAwait(false))
        {
            await files.UseAsync(target.Container, WriteAsync, context.CancellationToken).ConfigureAwait(false);

            async ValueTask<bool> WriteAsync(ITreeFiles tree)
            {
                await tree.WriteAsync(target.Path, upload, target.Replace, context.CancellationToken).ConfigureAwait(false);
                return true;
            }
        }

        return new WriteFileResponse();
    }

    public override async Task<MakeFolderResponse> MakeFolder(MakeFolderRequest request, ServerCallContext context)
    {
        await ChangeAsync(request.Container, tree => tree.MakeFolder(request.Path), context).ConfigureAwait(false);
        return new MakeFolderResponse();
    }

    public override async Task<RenameFileResponse> RenameFile(RenameFileRequest request, ServerCallContext context)
    {
        await ChangeAsync(request.Container, tree => tree.Rename(request.Path, request.NewPath), context).ConfigureAwait(false);
        return new RenameFileResponse();
    }

    public override async Task<MeasureFileResponse> MeasureFile(MeasureFileRequest request, ServerCallContext context)
    {
        var totals = await files.UseAsync(
            request.Container,
            tree => ValueTask.FromResult(tree.Measure(request.Path, MostCounted, context.CancellationToken)),
            context.CancellationToken).ConfigureAwait(false);
        return new MeasureFileResponse
        {
            Files = totals.Files,
            Folders = totals.Folders,
            SizeBytes = totals.Bytes,
            Partial = !totals.IsWhole,
            Mounted = totals.Mounted ?? "",
        };
    }

    public override async Task<RemoveFileResponse> RemoveFile(RemoveFileRequest request, ServerCallContext context)
    {
        await ChangeAsync(request.Container, tree => tree.Remove(request.Path, context.CancellationToken), context).ConfigureAwait(false);
        return new RemoveFileResponse();
    }

    private Task<bool> ChangeAsync(string container, Action<ITreeFiles> change, ServerCallContext context)
    {
        return files.UseAsync(container, Run, context.CancellationToken);

        ValueTask<bool> Run(ITreeFiles tree)
        {
            change(tree);
            return ValueTask.FromResult(true);
        }
    }

    private static FileEntry Map(TreeEntry entry) => new()
    {
        Name = entry.Name,
        Unaddressable = !entry.IsAddressable,
        SizeBytes = entry.Size,
        Mode = (uint)entry.Mode,
        ModifiedAt = Timestamp.FromDateTimeOffset(entry.Modified),
        UserId = entry.UserId,
        GroupId = entry.GroupId,
        UserName = entry.UserName,
        GroupName = entry.GroupName,
        LinkTarget = entry.LinkTarget,
        TargetMode = (uint)entry.TargetMode,
        Mounted = entry.IsMounted,
    };
}
