using System.Security.Claims;

namespace Portal.Web.Features.Files;

/// <summary>
/// Where a <see cref="FileBrowser"/> gets its files: a container, a volume. Paths are absolute and end in no slash, except the top's.
/// </summary>
/// <remarks>
/// Every call checks the grant of who asks, and records changes. It fails with <see cref="Access.AccessDeniedException"/> or
/// <see cref="NodeCalls.NodeCallException"/>, whose message is for the person.
/// </remarks>
public interface IFileSource
{
    /// <summary>What the top is called: <c>web</c>.</summary>
    string Name { get; }

    /// <summary>What an empty folder may be for another reason than that nothing is in it; null when there is none.</summary>
    string? Unseen(string path);

    Task<FileListing> ListAsync(ClaimsPrincipal user, string path, CancellationToken cancellationToken);

    /// <summary>Reads the beginning of a regular file.</summary>
    Task<FileContent> ReadAsync(ClaimsPrincipal user, string path, int mostBytes, CancellationToken cancellationToken);

    /// <summary>What a removal of a path would take away; null where that can't be told.</summary>
    Task<FileTotals?> MeasureAsync(ClaimsPrincipal user, string path, CancellationToken cancellationToken);

    Task MakeFolderAsync(ClaimsPrincipal user, string path);

    Task RenameAsync(ClaimsPrincipal user, string path, string newPath);

    /// <summary>Removes a file, a link itself, or a folder with all in it.</summary>
    Task RemoveAsync(ClaimsPrincipal user, string path);

    /// <summary>Address of a file's bytes, or of a tar archive of it or of a folder.</summary>
    string DownloadAddress(string path, bool archive);

    /// <summary>Where a file's bytes are posted to; <c>path</c> and <c>replace</c> are added to the query.</summary>
    string UploadAddress { get; }
}
