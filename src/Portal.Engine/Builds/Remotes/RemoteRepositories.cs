using Portal.Engine.Archives;
using Portal.Engine.Builds.Contexts;
using Portal.Engine.Builds.Files;
using Portal.Engine.Errors;
using Portal.Engine.Hosting;

namespace Portal.Engine.Builds.Remotes;

/// <summary>Repositories as contexts: <c>address#reference:folder</c>.</summary>
internal sealed class RemoteRepositories(IGitRepositories git, IRootFiles roots, EngineOptions options)
{
    private const string GitFolder = ".git";

    /// <summary>Fetches a repository and keeps its files as an archive.</summary>
    /// <param name="source">The address, with or without a fragment.</param>
    /// <param name="keepGitFolder">Keep <c>.git</c>.</param>
    /// <param name="path">Where the archive goes.</param>
    /// <param name="folder">A folder for what is needed meanwhile.</param>
    /// <param name="login">For its server; null for none.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<(ContextArchive Files, string Commit)> FetchAsync(
        string source, bool keepGitFolder, string path, string folder, GitLogin? login, CancellationToken cancellationToken)
    {
        var (address, reference, subfolder) = Split(source);
        var checkout = Path.Combine(folder, $"git-{Path.GetRandomFileName()}");
        try
        {
            var commit = await git.FetchAsync(address, reference, checkout, login, cancellationToken).ConfigureAwait(false);
            using var tree = roots.Open(checkout);
            var top = TreePaths.Resolve(tree, subfolder);
            if (tree.Find(top) is not { Kind: TarEntryKind.Folder })
            {
                throw EngineException.NotFound($"the repository has no folder '{subfolder}'");
            }

            var archive = await PackAsync(tree, top, keepGitFolder, path + ".tar", path, cancellationToken).ConfigureAwait(false);
            return (archive, commit);
        }
        finally
        {
            git.Remove(checkout);
        }
    }

    private async Task<ContextArchive> PackAsync(
        IFileTree tree, string top, bool keepGitFolder, string temporary, string path, CancellationToken cancellationToken)
    {
        try
        {
            var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite);
            await using (file.ConfigureAwait(false))
            {
                var tar = new TarOutput(file);
                await WriteAsync(tar, tree, top, top, keepGitFolder, cancellationToken).ConfigureAwait(false);
                await tar.FinishAsync(cancellationToken).ConfigureAwait(false);
                file.Position = 0;
                return await ContextArchive.ReceiveAsync(file, path, options.LayerLimits, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static async Task WriteAsync(
        TarOutput tar, IFileTree tree, string top, string folder, bool keepGitFolder, CancellationToken cancellationToken)
    {
        foreach (var entry in tree.List(folder))
        {
            var path = TreePaths.Of(entry);
            var relative = top.Length == 0 ? path : path[(top.Length + 1)..];
            if (relative == GitFolder && !keepGitFolder)
            {
                continue;
            }

            await tar.BeginAsync(entry with { PathBytes = TreePaths.Bytes(relative), UserId = 0, GroupId = 0 }, cancellationToken)
                .ConfigureAwait(false);
            if (entry.Kind == TarEntryKind.Folder)
            {
                await WriteAsync(tar, tree, top, path, keepGitFolder, cancellationToken).ConfigureAwait(false);
            }
            else if (entry.Kind == TarEntryKind.File)
            {
                using var content = tree.OpenRead(entry);
                await CopyAsync(content, tar, entry.Size, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static async Task CopyAsync(Stream content, TarOutput tar, long size, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        for (var left = size; left > 0;)
        {
            var read = await content.ReadAsync(buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)), cancellationToken)
                .ConfigureAwait(false);
            if (read == 0)
            {
                throw new EndOfStreamException("A file of the repository became shorter.");
            }

            await tar.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            left -= read;
        }
    }

    private static (string Address, string Reference, string Folder) Split(string source)
    {
        var hash = source.IndexOf('#', StringComparison.Ordinal);
        var address = hash < 0 ? source : source[..hash];
        var fragment = hash < 0 ? "" : source[(hash + 1)..];
        var colon = fragment.IndexOf(':', StringComparison.Ordinal);
        address = address.StartsWith("github.com/", StringComparison.Ordinal) ? $"https://{address}" : address;
        return colon < 0 ? (address, fragment, "") : (address, fragment[..colon], fragment[(colon + 1)..].Trim('/'));
    }
}
