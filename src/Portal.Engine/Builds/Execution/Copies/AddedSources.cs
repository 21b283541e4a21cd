using Portal.Engine.Archives;
using Portal.Engine.Builds.Contexts;
using Portal.Engine.Builds.Dockerfiles.Instructions;
using Portal.Engine.Builds.Dockerfiles.Syntax;
using Portal.Engine.Builds.Files;
using Portal.Engine.Builds.Remotes;
using Portal.Engine.Content;
using Portal.Engine.Errors;
using Portal.Engine.Hosting;

namespace Portal.Engine.Builds.Execution.Copies;

/// <summary>What only <c>ADD</c> takes: archives that are unpacked, addresses, Git repositories.</summary>
internal sealed class AddedSources(
    Decompression decompression, RemoteFiles remote, RemoteRepositories repositories, EngineOptions options)
{
    private const int HeadLength = 512;

    public async Task<IReadOnlyList<CopyGroup>> FindAsync(
        StageContext step, CopyInstruction instruction, IFileTree tree, string source, CopyOptions copy,
        CancellationToken cancellationToken)
    {
        if (RemoteAddress.IsRepository(source))
        {
            return [await RepositoryAsync(step, instruction, source, copy, cancellationToken).ConfigureAwait(false)];
        }

        if (RemoteAddress.IsFile(source))
        {
            return [await DownloadAsync(step, instruction, source, copy, cancellationToken).ConfigureAwait(false)];
        }

        if (instruction.Checksum is not null)
        {
            throw new DockerfileSyntaxException("checksum can't be specified for local sources");
        }

        var groups = new List<CopyGroup>();
        foreach (var found in SourceFinder.Find(tree, source, parents: false))
        {
            var archive = instruction.Unpack == false || found.Entry.Kind != TarEntryKind.File
                ? null
                : await TryUnpackAsync(step, () => found.Tree.OpenRead(found.Entry), cancellationToken).ConfigureAwait(false);
            groups.Add(archive is null ? new CopyGroup([found], copy) : Unpacked(archive, instruction, copy));
        }

        return groups;
    }

    private async Task<CopyGroup> RepositoryAsync(
        StageContext step, CopyInstruction instruction, string source, CopyOptions copy, CancellationToken cancellationToken)
    {
        step.Tell(BuildEventKind.Note, $"Fetching {RemoteAddress.ForPeople(source)}");
        var path = Path.Combine(step.Session.Folder, Path.GetRandomFileName());
        var (files, commit) = await repositories
            .FetchAsync(source, instruction.KeepGitFolder, path, step.Session.Folder, login: null, cancellationToken).ConfigureAwait(false);
        step.Session.Own(files);
        if (instruction.Checksum is { } checksum && !commit.StartsWith(checksum, StringComparison.Ordinal))
        {
            throw new DockerfileSyntaxException($"the repository is at commit {commit}, not at {checksum}");
        }

        return new CopyGroup([new CopySource(files, files.Find("")!, "", null)], copy with { Destination =
            copy.Destination.TrimEnd('/') + "/" });
    }

    private async Task<CopyGroup> DownloadAsync(
        StageContext step, CopyInstruction instruction, string source, CopyOptions copy, CancellationToken cancellationToken)
    {
        var checksum = instruction.Checksum is { } given ? Digest.Parse(step.Expand(given), $"'{source}'") : (Digest?)null;
        var name = RemoteAddress.FileName(source);
        if (name.Length == 0 && copy.IsFolder)
        {
            throw new DockerfileSyntaxException($"cannot determine filename from url: {RemoteAddress.ForPeople(source)}");
        }

        step.Tell(BuildEventKind.Note, $"Downloading {RemoteAddress.ForPeople(source)}");
        var path = Path.Combine(step.Session.Folder, Path.GetRandomFileName());
        var file = await remote.DownloadAsync(source, path, cancellationToken).ConfigureAwait(false);
        if (checksum is { } wanted && wanted.Hex != file.Hash)
        {
            File.Delete(path);
            throw new DockerfileSyntaxException($"digest mismatch sha256:{file.Hash}: {wanted}");
        }

        var tree = new DownloadedTree(name.Length == 0 ? "file" : name, path, file);
        step.Session.Own(tree);
        var archive = instruction.Unpack == true
            ? await TryUnpackAsync(step, () => File.OpenRead(path), cancellationToken).ConfigureAwait(false)
            : null;
        return archive is null
            ? new CopyGroup([new CopySource(tree, tree.List("")[0], name, null)], copy)
            : Unpacked(archive, instruction, copy);
    }

    /// <summary>The content of an archive; null when the file is none, or in no form that is known.</summary>
    private async Task<ContextArchive?> TryUnpackAsync(StageContext step, Func<Stream> open, CancellationToken cancellationToken)
    {
        if (!await IsArchiveAsync(open, cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        var path = Path.Combine(step.Session.Folder, Path.GetRandomFileName());
        var tar = await decompression.OpenAsync(open(), cancellationToken).ConfigureAwait(false);
        await using (tar.ConfigureAwait(false))
        {
            var archive = await ContextArchive.ReceiveAsync(tar, path, options.LayerLimits, cancellationToken).ConfigureAwait(false);
            step.Session.Own(archive);
            return archive;
        }
    }

    private async Task<bool> IsArchiveAsync(Func<Stream> open, CancellationToken cancellationToken)
    {
        try
        {
            var tar = await decompression.OpenAsync(open(), cancellationToken).ConfigureAwait(false);
            await using (tar.ConfigureAwait(false))
            {
                var head = new byte[HeadLength];
                var length = await tar.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken)
                    .ConfigureAwait(false);
                return length == HeadLength && HasChecksum(head);
            }
        }
        catch (Exception failure) when (failure is InvalidDataException or EngineException)
        {
            // Only looks like something compressed.
            return false;
        }
    }

    private static bool HasChecksum(byte[] head)
    {
        var text = System.Text.Encoding.ASCII.GetString(head, 148, 8).Trim('\0', ' ');
        var sum = head.Select((value, at) => at is >= 148 and < 156 ? (byte)' ' : value).Sum(value => value);
        return text.Length is > 0 and < 8 && text.All(digit => digit is >= '0' and <= '7') && Convert.ToInt32(text, 8) == sum;
    }

    private static CopyGroup Unpacked(ContextArchive archive, CopyInstruction instruction, CopyOptions copy)
    {
        return new CopyGroup([new CopySource(archive, archive.Find("")!, "", null)], copy with
        {
            Destination = copy.Destination.TrimEnd('/') + "/",
            Owner = instruction.Chown is null ? null : copy.Owner,
        }, IsUnpacked: true);
    }
}
