using System.Security.Claims;
using Google.Protobuf;
using Grpc.Core;
using Portal.Contracts.Permissions;
using Portal.Contracts.Volumes.V1;
using Portal.Web.Features.Files;
using Portal.Web.Features.NodeCalls;
using Portal.Web.Features.Volumes.Listing;

namespace Portal.Web.Features.Volumes.Files;

/// <summary>What people do with files of volumes. Every member checks the grant; changes and downloads are in the audit log.</summary>
public sealed class VolumeFiles(INodeCalls calls)
{
    // One message on the wire, and one page of a folder; the contract allows no more.
    private const int PieceSize = 256 * 1024;
    private const int PageSize = 1000;
    private const int MostEntries = 25_000;

    public Task<FileListing> ListAsync(ClaimsPrincipal user, VolumeKey volume, string path, CancellationToken cancellationToken) =>
        ReadAsync(user, volume, cancellationToken, async client =>
        {
            var items = new List<FileItem>();
            var request = new ListFolderRequest { Volume = volume.Name, Path = path, PageSize = PageSize };
            long total;
            do
            {
                var page = await client.ListFolderAsync(request, cancellationToken: cancellationToken);
                items.AddRange(page.Files.Select(Map));
                total = page.Total;
                request.PageToken = page.NextPageToken;
            }
            while (request.PageToken.Length > 0 && items.Count < MostEntries);
            return new FileListing(items, Math.Max(total, items.Count));
        });

    public Task<FileContent> ReadAsync(
        ClaimsPrincipal user, VolumeKey volume, string path, int mostBytes, CancellationToken cancellationToken) =>
        ReadAsync(user, volume, cancellationToken, async client =>
        {
            var request = new ReadFileRequest { Volume = volume.Name, Path = path, Length = mostBytes };
            using var call = client.ReadFile(request, cancellationToken: cancellationToken);
            using var bytes = new MemoryStream();
            FileItem? item = null;
            await foreach (var message in call.ResponseStream.ReadAllAsync(cancellationToken))
            {
                item ??= Map(message.File ?? new VolumeFile());
                bytes.Write(message.Data.Span);
            }

            return new FileContent(item ?? new FileItem { Name = FilePaths.NameOf(path) }, bytes.ToArray());
        });

    public Task MakeFolderAsync(ClaimsPrincipal user, VolumeKey volume, string path) =>
        ChangeAsync(user, volume, PermissionNames.VolumesWriteFiles, "make_folder", path, "", client =>
            client.CreateFolderAsync(new CreateFolderRequest { Volume = volume.Name, Path = path }).ResponseAsync);

    public Task RenameAsync(ClaimsPrincipal user, VolumeKey volume, string path, string newPath) =>
        ChangeAsync(user, volume, PermissionNames.VolumesWriteFiles, "rename_file", path, $"to {newPath}", client =>
            client.RenameFileAsync(new RenameFileRequest { Volume = volume.Name, Path = path, NewPath = newPath }).ResponseAsync);

    public Task RemoveAsync(ClaimsPrincipal user, VolumeKey volume, string path) =>
        ChangeAsync(user, volume, PermissionNames.VolumesWriteFiles, "remove_file", path, "", client =>
            client.DeleteFileAsync(new DeleteFileRequest { Volume = volume.Name, Path = path, Recursive = true }).ResponseAsync);

    /// <summary>Passes a file's bytes on as they come.</summary>
    public Task DownloadAsync(
        ClaimsPrincipal user, VolumeKey volume, string path, FileDownload download, CancellationToken cancellationToken) =>
        ChangeAsync(user, volume, PermissionNames.VolumesFiles, "download_file", path, "", async client =>
        {
            using var call = client.ReadFile(
                new ReadFileRequest { Volume = volume.Name, Path = path }, cancellationToken: cancellationToken);
            await foreach (var message in call.ResponseStream.ReadAllAsync(cancellationToken))
            {
                if (message.File is { } file)
                {
                    download.Begin(FilePaths.NameOf(path), "application/octet-stream", file.SizeBytes);
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
        ClaimsPrincipal user, VolumeKey volume, string path, FileDownload download, CancellationToken cancellationToken) =>
        ChangeAsync(user, volume, PermissionNames.VolumesFiles, "download_archive", path, "", async client =>
        {
            using var call = client.ReadArchive(
                new ReadArchiveRequest { Volume = volume.Name, Path = path }, cancellationToken: cancellationToken);
            await foreach (var message in call.ResponseStream.ReadAllAsync(cancellationToken))
            {
                if (message.File is not null)
                {
                    var name = path == FilePaths.Top ? volume.Name : FilePaths.NameOf(path);
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
    /// <param name="user">Who.</param>
    /// <param name="volume">Where.</param>
    /// <param name="path">Of the file.</param>
    /// <param name="replace">Replace a file that is there.</param>
    /// <param name="content">Its bytes.</param>
    /// <param name="size">How many will come, when that is known: what is cut off makes no file then.</param>
    /// <param name="cancellationToken">Stops; nothing is kept.</param>
    public Task UploadAsync(
        ClaimsPrincipal user, VolumeKey volume, string path, bool replace, Stream content, long? size,
        CancellationToken cancellationToken) =>
        ChangeAsync(user, volume, PermissionNames.VolumesWriteFiles, "upload_file", path, "", async client =>
        {
            using var call = client.WriteFile(cancellationToken: cancellationToken);
            await FileSending.SendAsync(call.RequestStream, Pieces(), call.ResponseAsync);
            return await call.ResponseAsync;

            async IAsyncEnumerable<WriteFileRequest> Pieces()
            {
                var target = new WriteFileTarget { Volume = volume.Name, Path = path, Replace = replace };
                if (size is { } known)
                {
                    target.SizeBytes = known;
                }

                yield return new WriteFileRequest { Target = target };
                var piece = new byte[PieceSize];
                int count;
                while ((count = await content.ReadAtLeastAsync(piece, PieceSize, throwOnEndOfStream: false, cancellationToken)) > 0)
                {
                    yield return new WriteFileRequest { Data = ByteString.CopyFrom(piece, 0, count) };
                }
            }
        });

    private static FileItem Map(VolumeFile file)
    {
        var invariant = System.Globalization.CultureInfo.InvariantCulture;
        return new FileItem
        {
            Name = file.Name,
            Kind = file.Kind switch
            {
                VolumeFileKind.Folder => FileKind.Folder,
                VolumeFileKind.Link => FileKind.Link,
                VolumeFileKind.Special => FileKind.Special,
                _ => FileKind.File,
            },
            Size = file.SizeBytes,
            Mode = file.Mode,
            Modified = file.ModifiedAt?.ToDateTimeOffset(),
            User = file.UserId.ToString(invariant),
            Group = file.GroupId.ToString(invariant),
            LinkTarget = file.LinkTarget,
        };
    }

    private static VolumeFileService.VolumeFileServiceClient Client(CallInvoker invoker) => new(invoker);

    private Task<T> ReadAsync<T>(
        ClaimsPrincipal user,
        VolumeKey volume,
        CancellationToken cancellationToken,
        Func<VolumeFileService.VolumeFileServiceClient, Task<T>> call) =>
        calls.ReadAsync(user, volume.NodeId, PermissionNames.VolumesFiles, invoker => call(Client(invoker)), cancellationToken);

    // The path is part of what it is about, so that it stands in the audit log too when the call fails.
    private Task<T> ChangeAsync<T>(
        ClaimsPrincipal user,
        VolumeKey volume,
        string permission,
        string verb,
        string path,
        string detail,
        Func<VolumeFileService.VolumeFileServiceClient, Task<T>> call) =>
        calls.ChangeAsync(
            user,
            volume.NodeId,
            [permission],
            new ChangeSubject($"volume.{verb}", "volume", volume.Name, $"{volume.Name}:{path}", detail),
            invoker => call(Client(invoker)),
            CancellationToken.None);
}
