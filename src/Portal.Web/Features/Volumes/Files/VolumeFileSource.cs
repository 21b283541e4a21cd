using System.Security.Claims;
using Portal.Web.Features.Files;
using Portal.Web.Features.Volumes.Listing;

namespace Portal.Web.Features.Volumes.Files;

/// <summary>One volume's files for the <see cref="FileBrowser"/>, whether or not containers use them.</summary>
public sealed class VolumeFileSource(VolumeFiles files, VolumeKey volume) : IFileSource
{
    public VolumeKey Volume => volume;

    public string Name => volume.Name.Length > 32 ? volume.Name[..12] + "…" : volume.Name;

    public string UploadAddress => VolumeFileEndpoints.AddressOf(volume);

    public string? Unseen(string path) => null;

    public Task<FileListing> ListAsync(ClaimsPrincipal user, string path, CancellationToken cancellationToken) =>
        files.ListAsync(user, volume, path, cancellationToken);

    public Task<FileContent> ReadAsync(ClaimsPrincipal user, string path, int mostBytes, CancellationToken cancellationToken) =>
        files.ReadAsync(user, volume, path, mostBytes, cancellationToken);

    public Task<FileTotals?> MeasureAsync(ClaimsPrincipal user, string path, CancellationToken cancellationToken) =>
        Task.FromResult<FileTotals?>(null);

    public Task MakeFolderAsync(ClaimsPrincipal user, string path) => files.MakeFolderAsync(user, volume, path);

    public Task RenameAsync(ClaimsPrincipal user, string path, string newPath) => files.RenameAsync(user, volume, path, newPath);

    public Task RemoveAsync(ClaimsPrincipal user, string path) => files.RemoveAsync(user, volume, path);

    public string DownloadAddress(string path, bool archive) =>
        $"{UploadAddress}?path={Uri.EscapeDataString(path)}{(archive ? "&archive=true" : "")}";
}
