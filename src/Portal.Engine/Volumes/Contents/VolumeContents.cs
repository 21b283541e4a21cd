using Portal.Engine.Errors;
using Portal.Engine.Volumes.Drivers;

namespace Portal.Engine.Volumes.Contents;

/// <inheritdoc cref="IVolumeContents"/>
internal sealed class VolumeContents(LocalVolumes volumes, IVolumeTrees trees) : IVolumeContents
{
    public Task<VolumePage> ListAsync(
        string volume, string path, VolumeListing listing, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(listing);
        if (listing.PageSize is < 1 or > VolumeListing.MaxPageSize)
        {
            throw EngineException.InvalidArgument($"A page holds 1 to {VolumeListing.MaxPageSize} names, not {listing.PageSize}.");
        }

        var parsed = VolumePath.Parse(path);
        return RunAsync(volume, tree => Task.FromResult(tree.List(parsed, listing, cancellationToken)), cancellationToken);
    }

    public Task<VolumeFile> StatAsync(string volume, string path, CancellationToken cancellationToken = default)
    {
        var parsed = VolumePath.Parse(path);
        return RunAsync(volume, tree => Task.FromResult(tree.Stat(parsed)), cancellationToken);
    }

    public Task ReadAsync(
        string volume, string path, long offset, long length, Func<VolumeFile, ValueTask<Stream>> open,
        CancellationToken cancellationToken = default)
    {
        if (offset < 0 || length < 0)
        {
            throw EngineException.InvalidArgument("Where to begin to read, and how many bytes, can't be negative.");
        }

        var parsed = VolumePath.Parse(path);
        return RunAsync(
            volume,
            async tree =>
            {
                await tree.ReadAsync(parsed, offset, length, open, cancellationToken).ConfigureAwait(false);
                return true;
            },
            cancellationToken);
    }

    public Task ReadArchiveAsync(
        string volume, string path, Func<VolumeFile, ValueTask<Stream>> open, CancellationToken cancellationToken = default)
    {
        var parsed = VolumePath.Parse(path);
        return RunAsync(
            volume,
            async tree =>
            {
                await tree.ReadArchiveAsync(parsed, open, cancellationToken).ConfigureAwait(false);
                return true;
            },
            cancellationToken);
    }

    public Task<VolumeFile> WriteAsync(
        string volume, string path, VolumeWrite how, Stream content, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(how);
        CheckMode(how.Mode);
        var parsed = ParseNamed(path);
        return RunAsync(volume, tree => tree.WriteAsync(parsed, how, content, cancellationToken), cancellationToken);
    }

    public Task<VolumeFile> MakeFolderAsync(
        string volume, string path, int mode = 0x1ED, CancellationToken cancellationToken = default)
    {
        CheckMode(mode);
        var parsed = ParseNamed(path);
        return RunAsync(volume, tree => Task.FromResult(tree.MakeFolder(parsed, mode)), cancellationToken);
    }

    public Task<VolumeFile> RenameAsync(string volume, string path, string newPath, CancellationToken cancellationToken = default)
    {
        var (from, to) = (ParseNamed(path), ParseNamed(newPath));
        return RunAsync(volume, tree => Task.FromResult(tree.Rename(from, to)), cancellationToken);
    }

    public Task DeleteAsync(string volume, string path, bool recursive = false, CancellationToken cancellationToken = default)
    {
        var parsed = ParseNamed(path);
        return RunAsync(
            volume,
            tree =>
            {
                tree.Delete(parsed, recursive);
                return Task.FromResult(true);
            },
            cancellationToken);
    }

    private static VolumePath ParseNamed(string path)
    {
        var parsed = VolumePath.Parse(path);
        return parsed.Names.Count > 0
            ? parsed
            : throw EngineException.InvalidArgument(
                "The volume's root itself can't be written, renamed or deleted. Give the path of something in it.");
    }

    private static void CheckMode(int mode)
    {
        if (mode is < 0 or > 0x1FF)
        {
            throw EngineException.InvalidArgument($"The mode {Convert.ToString(mode, 8)} is none: it must be 0 to 777, in octal digits.");
        }
    }

    // Off the caller's thread: all of it is system calls, some of which walk a million names.
    private Task<T> RunAsync<T>(string volume, Func<IVolumeTree, Task<T>> act, CancellationToken cancellationToken)
    {
        return Task.Run(
            async () =>
            {
                using var use = volumes.Use(volume);
                using var tree = trees.Open(use.Folder);
                return await act(tree).ConfigureAwait(false);
            },
            cancellationToken);
    }
}
