using System.Security.Claims;
using Google.Protobuf;
using Grpc.Core;
using Portal.Contracts.Files.V1;
using Portal.Contracts.Permissions;
using Portal.Web.Features.Files;
using Portal.Web.Features.NodeCalls;

namespace Portal.Web.Features.Containers.Files;

/// <summary>What people do with files of containers. Every member checks the grant; changes and downloads are in the audit log.</summary>
public sealed class ContainerFiles(INodeCalls calls)
{
    // One message on the wire; the contract allows no more.
    private const int PieceSize = 256 * 1024;

    public Task<FileListing> ListAsync(ClaimsPrincipal user, ContainerKey container, string path, CancellationToken cancellationToken) =>
        ReadAsync(user, container, cancellationToken, async client =>
        {
            var request = new ListFolderRequest { Container = container.Id, Path = path };
            using var call = client.ListFolder(request, cancellationToken: cancellationToken);
            var items = new List<FileItem>();
            var total = 0;
            await foreach (var message in call.ResponseStream.ReadAllAsync(cancellationToken))
            {
                items.AddRange(message.Entries.Select(FileMapping.Map));
                total = message.Total;
            }

            return new FileListing(items, total);
        });

    public Task<FileContent> ReadAsync(
        ClaimsPrincipal user, ContainerKey container, string path, int mostBytes, CancellationToken cancellationToken) =>
        ReadAsync(user, container, cancellationToken, async client =>
        {
            var request = new ReadFileRequest { Container = container.Id, Path = path, MostBytes = mostBytes };
            using var call = client.ReadFile(request, cancellationToken: cancellationToken);
            using var bytes = new MemoryStream();
            FileItem? item = null;
            await foreach (var message in call.ResponseStream.ReadAllAsync(cancellationToken))
            {
                item ??= FileMapping.Map(message.Entry ?? new FileEntry());
                bytes.Write(message.Data.Span);
            }

            return new FileContent(item ?? throw Ended(), bytes.ToArray());
        });

    public Task<FileTotals> MeasureAsync(ClaimsPrincipal user, ContainerKey container, string path, CancellationToken cancellationToken) =>
        ReadAsync(user, container, cancellationToken, async client =>
        {
            var request = new MeasureFileRequest { Container = container.Id, Path = path };
            var totals = await client.MeasureFileAsync(request, cancellationToken: cancellationToken);
            return new FileTotals(totals.Files, totals.Folders, totals.SizeBytes, !totals.Partial, totals.Mounted);
        });

    /// <summary>What was changed since the container was made, as it comes; each call of the consumer is at most 1,000 changes.</summary>
    public Task<bool> ListChangesAsync(
        ClaimsPrincipal user, ContainerKey container, Func<IReadOnlyList<Change>, bool> consume, CancellationToken cancellationToken) =>
        ReadAsync(user, container, cancellationToken, async client =>
        {
            using var call = client.ListChanges(new ListChangesRequest { Container = container.Id }, cancellationToken: cancellationToken);
            await foreach (var message in call.ResponseStream.ReadAllAsync(cancellationToken))
            {
                if (!consume(message.Changes))
                {
                    return false;
                }
            }

            return true;
        });

    public Task MakeFolderAsync(ClaimsPrincipal user, ContainerKey container, string path) =>
        ChangeAsync(user, container, "make_folder", path, client =>
            client.MakeFolderAsync(new MakeFolderRequest { Container = container.Id, Path = path }).ResponseAsync);

    public Task RenameAsync(ClaimsPrincipal user, ContainerKey container, string path, string newPath) =>
        ChangeAsync(user, container, "rename_file", path, $"to {newPath}", client =>
            client.RenameFileAsync(new RenameFileRequest { Container = container.Id, Path = path, NewPath = newPath }).ResponseAsync);

    public Task RemoveAsync(ClaimsPrincipal user, ContainerKey container, string path) =>
        ChangeAsync(user, container, "remove_file", path, client =>
            client.RemoveFileAsync(new RemoveFileRequest { Container = container.Id, Path = path }).ResponseAsync);

    /// <summary>Passes a file's bytes on as they come.</summary>
    public Task DownloadAsync(
        ClaimsPrincipal user, ContainerKey container, string path, FileDownload download, CancellationToken cancellationToken) =>
        ChangeAsync(user, container, "download_file", path, async client =>
        {
            using var call = client.ReadFile(
                new ReadFileRequest { Container = container.Id, Path = path }, cancellationToken: cancellationToken);
            await foreach (var message in call.ResponseStream.ReadAllAsync(cancellationToken))
            {
                if (message.Entry is { } entry)
                {
                    download.Begin(FilePaths.NameOf(path), "application/octet-stream", entry.SizeBytes);
                }
                else
                {
                    await download.WriteAsync(message.Data.Memory);
                }
            }

            return true;
        });

    /// <summary>Passes a tar archive of a file or folder on as it comes.</summary>
    public Task DownloadArchiveAsync(
        ClaimsPrincipal user, ContainerKey container, string path, FileDownload download, CancellationToken cancellationToken) =>
        ChangeAsync(user, container, "download_archive", path, async client =>
        {
            // Of the top all that is in it, in no folder of its own.
            var wanted = path == FilePaths.Top ? "/." : path;
            using var call = client.ReadFiles(
                new ReadFilesRequest { Container = container.Id, Path = wanted }, cancellationToken: cancellationToken);
            await foreach (var message in call.ResponseStream.ReadAllAsync(cancellationToken))
            {
                if (message.Stat is not null)
                {
                    var name = path == FilePaths.Top ? container.Name : FilePaths.NameOf(path);
                    download.Begin(FileDownload.ArchiveName(name), "application/x-tar", null);
                }
                else
                {
                    await download.WriteAsync(message.Data.Memory);
                }
            }

            return true;
        });

    /// <summary>Writes one file, piece by piece as it comes; whole or not at all.</summary>
    public Task UploadAsync(
        ClaimsPrincipal user, ContainerKey container, string path, bool replace, Stream content, CancellationToken cancellationToken) =>
        ChangeAsync(user, container, "upload_file", path, async client =>
        {
            using var call = client.WriteFile(cancellationToken: cancellationToken);
            await FileSending.SendAsync(call.RequestStream, Pieces(), call.ResponseAsync);
            return await call.ResponseAsync;

            async IAsyncEnumerable<WriteFileRequest> Pieces()
            {
                var target = new WriteFileTarget { Container = container.Id, Path = path, Replace = replace };
                yield return new WriteFileRequest { Target = target };
                var piece = new byte[PieceSize];
                var size = 0L;
                int count;
                while ((count = await content.ReadAtLeastAsync(piece, PieceSize, throwOnEndOfStream: false, cancellationToken)) > 0)
                {
                    size += count;
                    yield return new WriteFileRequest { Data = ByteString.CopyFrom(piece, 0, count) };
                }

                yield return new WriteFileRequest { SizeBytes = size };
            }
        });

    /// <summary>Makes an image of a container.</summary>
    /// <returns>The image's id.</returns>
    public async Task<string> CommitAsync(ClaimsPrincipal user, ContainerKey container, CommitContainerRequest request)
    {
        request.Container = container.Id;
        var detail = request.Name.Length > 0 ? $"as {request.Name}" : "";
        var answer = await calls.ChangeAsync(
            user,
            container.NodeId,
            [PermissionNames.ContainersCommit],
            new ChangeSubject("container.commit", "container", container.Id, container.Name, detail),
            invoker => new FileService.FileServiceClient(invoker).CommitContainerAsync(request).ResponseAsync,
            CancellationToken.None);
        return answer.ImageId;
    }

    private static RpcException Ended() => new(new Status(StatusCode.Internal, N("The node ended the answer before it began. Try again.")));

    private Task<T> ReadAsync<T>(
        ClaimsPrincipal user,
        ContainerKey container,
        CancellationToken cancellationToken,
        Func<FileService.FileServiceClient, Task<T>> call) =>
        calls.ReadAsync(
            user,
            container.NodeId,
            PermissionNames.ContainersFiles,
            invoker => call(new FileService.FileServiceClient(invoker)),
            cancellationToken);

    private Task<T> ChangeAsync<T>(
        ClaimsPrincipal user, ContainerKey container, string verb, string path, Func<FileService.FileServiceClient, Task<T>> call) =>
        ChangeAsync(user, container, verb, path, "", call);

    // The path is part of what it is about, so that it stands in the audit log too when the call fails.
    private Task<T> ChangeAsync<T>(
        ClaimsPrincipal user,
        ContainerKey container,
        string verb,
        string path,
        string detail,
        Func<FileService.FileServiceClient, Task<T>> call) =>
        calls.ChangeAsync(
            user,
            container.NodeId,
            [PermissionNames.ContainersFiles],
            new ChangeSubject($"container.{verb}", "container", container.Id, $"{container.Name}:{path}", detail),
            invoker => call(new FileService.FileServiceClient(invoker)),
            CancellationToken.None);
}
