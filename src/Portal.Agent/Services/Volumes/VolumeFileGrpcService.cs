using Google.Protobuf;
using Grpc.Core;
using Portal.Contracts.Volumes.V1;
using Portal.Engine.Errors;
using Portal.Engine.Volumes.Contents;

namespace Portal.Agent.Services.Volumes;

internal sealed class VolumeFileGrpcService(IVolumeContents contents) : VolumeFileService.VolumeFileServiceBase
{
    private const int DefaultPageSize = 200;
    private const int DefaultFolderMode = 0x1ED; // 0755
    private const int DefaultFileMode = 0x1A4; // 0644

    public override async Task<ListFolderResponse> ListFolder(ListFolderRequest request, ServerCallContext context)
    {
        var listing = new VolumeListing
        {
            PageSize = request.PageSize == 0 ? DefaultPageSize : request.PageSize,
            Token = request.PageToken,
            NameContains = request.NameContains,
        };
        var page = await contents.ListAsync(request.Volume, request.Path, listing, context.CancellationToken).ConfigureAwait(false);
        var response = new ListFolderResponse { NextPageToken = page.NextToken, Total = page.Total };
        response.Files.AddRange(page.Files.Select(VolumeMapping.ToFile));
        return response;
    }

    public override async Task<StatFileResponse> StatFile(StatFileRequest request, ServerCallContext context)
    {
        var file = await contents.StatAsync(request.Volume, request.Path, context.CancellationToken).ConfigureAwait(false);
        return new StatFileResponse { File = VolumeMapping.ToFile(file) };
    }

    public override async Task ReadFile(
        ReadFileRequest request, IServerStreamWriter<ReadFileResponse> responseStream, ServerCallContext context)
    {
        var output = new DownloadStream<ReadFileResponse>(responseStream, data => new ReadFileResponse { Data = data });
        await using (output.ConfigureAwait(false))
        {
            await contents.ReadAsync(
                request.Volume, request.Path, request.Offset, request.Length, BeginAsync, context.CancellationToken).ConfigureAwait(false);
            await output.FinishAsync(context.CancellationToken).ConfigureAwait(false);
        }

        async ValueTask<Stream> BeginAsync(Engine.Volumes.Contents.VolumeFile file)
        {
            var first = new ReadFileResponse { File = VolumeMapping.ToFile(file) };
            await responseStream.WriteAsync(first, context.CancellationToken).ConfigureAwait(false);
            return output;
        }
    }

    public override async Task ReadArchive(
        ReadArchiveRequest request, IServerStreamWriter<ReadArchiveResponse> responseStream, ServerCallContext context)
    {
        var output = new DownloadStream<ReadArchiveResponse>(responseStream, data => new ReadArchiveResponse { Data = data });
        await using (output.ConfigureAwait(false))
        {
            await contents.ReadArchiveAsync(request.Volume, request.Path, BeginAsync, context.CancellationToken).ConfigureAwait(false);
            await output.FinishAsync(context.CancellationToken).ConfigureAwait(false);
        }

        async ValueTask<Stream> BeginAsync(Engine.Volumes.Contents.VolumeFile file)
        {
            var first = new ReadArchiveResponse { File = VolumeMapping.ToFile(file) };
            await responseStream.WriteAsync(first, context.CancellationToken).ConfigureAwait(false);
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

        var how = new VolumeWrite
        {
            Replace = target.Replace,
            Mode = target.Mode == 0 ? DefaultFileMode : (int)Math.Min(target.Mode, int.MaxValue),
            Size = target.HasSizeBytes ? target.SizeBytes : null,
        };
        var upload = new UploadStream<WriteFileRequest>(requestStream, Unwrap);
        await using (upload.ConfigureAwait(false))
        {
            var file = await contents.WriteAsync(target.Volume, target.Path, how, upload, context.CancellationToken).ConfigureAwait(false);
            return new WriteFileResponse { File = VolumeMapping.ToFile(file) };
        }
    }

    public override async Task<CreateFolderResponse> CreateFolder(CreateFolderRequest request, ServerCallContext context)
    {
        var mode = request.Mode == 0 ? DefaultFolderMode : (int)Math.Min(request.Mode, int.MaxValue);
        var file = await contents.MakeFolderAsync(request.Volume, request.Path, mode, context.CancellationToken).ConfigureAwait(false);
        return new CreateFolderResponse { File = VolumeMapping.ToFile(file) };
    }

    public override async Task<RenameFileResponse> RenameFile(RenameFileRequest request, ServerCallContext context)
    {
        var file = await contents
            .RenameAsync(request.Volume, request.Path, request.NewPath, context.CancellationToken).ConfigureAwait(false);
        return new RenameFileResponse { File = VolumeMapping.ToFile(file) };
    }

    public override async Task<DeleteFileResponse> DeleteFile(DeleteFileRequest request, ServerCallContext context)
    {
        await contents.DeleteAsync(request.Volume, request.Path, request.Recursive, context.CancellationToken).ConfigureAwait(false);
        return new DeleteFileResponse();
    }

    private static ByteString Unwrap(WriteFileRequest request)
    {
        return request.EventCase == WriteFileRequest.EventOneofCase.Data
            ? request.Data
            : throw EngineException.InvalidArgument("After the first message only data may come.");
    }
}
