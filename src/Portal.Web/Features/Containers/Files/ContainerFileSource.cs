using System.Security.Claims;
using Portal.Web.Features.Files;

namespace Portal.Web.Features.Containers.Files;

/// <summary>One container's files for the <see cref="FileBrowser"/>, whether or not it runs.</summary>
public sealed class ContainerFileSource(ContainerFiles files, ContainerKey container) : IFileSource
{
    private static readonly string[] s_kernelFolders = ["/proc", "/sys", "/dev"];

    public string Name => container.Name;

    public string UploadAddress => ContainerFileEndpoints.AddressOf(container);

    public string? Unseen(string path) =>
        s_kernelFolders.Any(folder => path == folder || path.StartsWith(folder + "/", StringComparison.Ordinal))
            ? T("What the kernel shows here to the container's processes are no files, and not seen from outside.")
            : null;

    public Task<FileListing> ListAsync(ClaimsPrincipal user, string path, CancellationToken cancellationToken) =>
        files.ListAsync(user, container, path, cancellationToken);

    public Task<FileContent> ReadAsync(ClaimsPrincipal user, string path, int mostBytes, CancellationToken cancellationToken) =>
        files.ReadAsync(user, container, path, mostBytes, cancellationToken);

    public async Task<FileTotals?> MeasureAsync(ClaimsPrincipal user, string path, CancellationToken cancellationToken) =>
        await files.MeasureAsync(user, container, path, cancellationToken);

    public Task MakeFolderAsync(ClaimsPrincipal user, string path) => files.MakeFolderAsync(user, container, path);

    public Task RenameAsync(ClaimsPrincipal user, string path, string newPath) => files.RenameAsync(user, container, path, newPath);

    public Task RemoveAsync(ClaimsPrincipal user, string path) => files.RemoveAsync(user, container, path);

    public string DownloadAddress(string path, bool archive) =>
        $"{UploadAddress}?path={Uri.EscapeDataString(path)}{(archive ? "&archive=true" : "")}";
}
