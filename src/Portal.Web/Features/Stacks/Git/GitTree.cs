using System.Globalization;
using System.Text;
using Portal.Compose.Sources;

namespace Portal.Web.Features.Stacks.Git;

/// <summary>The files of a commit, by path; read from git's objects, never from a folder.</summary>
/// <remarks>One caller at a time; good only while its workspace is there.</remarks>
internal sealed class GitTree
{
    private const int MostEntries = 200_000;
    private const long MostListed = 64L << 20;
    private const int DeepestSubmodule = 4;
    private readonly GitWorkspace _workspace;
    private readonly GitSubmodules _submodules;

    // Where each repository's tree begins, and how it is reached; the whole one's is the empty path.
    private readonly Dictionary<string, (GitAccess Access, int Depth)> _roots = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, GitEntry> _entries = new(StringComparer.Ordinal);

    private GitTree(GitWorkspace workspace, GitSubmodules submodules, GitCommit commit) =>
        (_workspace, _submodules, Commit) = (workspace, submodules, commit);

    public GitCommit Commit { get; }

    public static async Task<GitTree> ReadAsync(
        GitWorkspace workspace, GitSubmodules submodules, GitAccess access, string folder, GitCommit commit,
        CancellationToken cancellationToken)
    {
        var tree = new GitTree(workspace, submodules, commit);
        tree._roots[""] = (access, 0);
        await tree.ListAsync("", folder, commit.Id, cancellationToken);
        return tree;
    }

    /// <summary>The file of a path, or null when there is none; fetches the submodule that it is in.</summary>
    /// <exception cref="GitException">It is no plain file, or in a submodule that can't be fetched.</exception>
    public async Task<GitEntry?> FindAsync(string path, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_entries.TryGetValue(path, out var entry))
            {
                return entry.IsLink
                    ? throw new GitException(E("'{0}' is a symbolic link, and links of a repository are not followed.", path))
                    : entry.IsSubmodule ? null : entry;
            }

            var blocking = Above(path).FirstOrDefault(_entries.ContainsKey);
            if (blocking is null || _entries[blocking] is { IsLink: false, IsSubmodule: false })
            {
                return null;
            }

            if (_entries[blocking].IsLink)
            {
                throw new GitException(E("'{0}' is behind the symbolic link '{1}', and links of a repository are not followed.", path, blocking));
            }

            await ExpandAsync(blocking, cancellationToken);
        }
    }

    /// <summary>All files below a folder, by path; fetches the submodules in it.</summary>
    /// <exception cref="GitException">One of them is no plain file, or can't be fetched.</exception>
    public async Task<IReadOnlyList<KeyValuePair<string, GitEntry>>> ListBelowAsync(string folder, CancellationToken cancellationToken)
    {
        var prefix = folder.Length == 0 ? "" : folder + "/";
        if (_entries.GetValueOrDefault(folder) is { IsSubmodule: true })
        {
            await ExpandAsync(folder, cancellationToken);
        }

        while (true)
        {
            var below = _entries.Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal)).ToList();
            if (below.FirstOrDefault(entry => entry.Value.IsLink) is { Key: { } link })
            {
                throw new GitException(
                    E("'{0}' is a symbolic link, and links of a repository are not followed.", Files.StackFileRules.Shown(link)));
            }

            if (below.FirstOrDefault(entry => entry.Value.IsSubmodule) is not { Key: { } submodule })
            {
                return below;
            }

            await ExpandAsync(submodule, cancellationToken);
        }
    }

    /// <summary>The bytes of files, in their order.</summary>
    public async Task<IReadOnlyList<byte[]>> ReadAsync(IReadOnlyList<GitEntry> entries, CancellationToken cancellationToken)
    {
        var contents = new Dictionary<GitEntry, byte[]>();
        foreach (var group in entries.Distinct().GroupBy(entry => entry.Repository))
        {
            var asked = group.ToList();
            var most = asked.Sum(entry => entry.Size + 256);
            var said = await _workspace.RunGitAsync(
                ["--git-dir", group.Key, "cat-file", "--batch"],
                new Dictionary<string, string>(),
                Encoding.ASCII.GetBytes(string.Concat(asked.Select(entry => entry.Id + "\n"))), most, cancellationToken);
            var at = 0;
            foreach (var entry in asked)
            {
                at = said.AsSpan(at).IndexOf((byte)'\n') is var end and >= 0 ? at + end + 1 : said.Length;
                if (entry.Size > said.Length - at)
                {
                    throw new GitException(N("The repository does not have a file that its commit names."));
                }

                contents[entry] = said[at..(at + (int)entry.Size)];
                at += (int)entry.Size + 1;
            }
        }

        return [.. entries.Select(entry => contents[entry])];
    }

    private static IEnumerable<string> Above(string path)
    {
        for (var folder = ProjectPaths.FolderOf(path); folder.Length > 0; folder = ProjectPaths.FolderOf(folder))
        {
            yield return folder;
        }
    }

    private async Task ExpandAsync(string path, CancellationToken cancellationToken)
    {
        var entry = _entries[path];
        var root = Above(path).Append("").First(_roots.ContainsKey);
        var (access, depth) = _roots[root];
        if (depth >= DeepestSubmodule)
        {
            throw new GitException(E("'{0}' is a submodule of a submodule, and so on, more than {1} deep.", path, DeepestSubmodule));
        }

        var prefix = root.Length == 0 ? "" : root + "/";
        var settings = _entries.GetValueOrDefault(prefix + ".gitmodules");
        var (folder, within) = await _submodules.FetchAsync(access, settings, path[prefix.Length..], entry.Id, cancellationToken);
        _entries.Remove(path);
        _roots[path] = (within, depth + 1);
        await ListAsync(path + "/", folder, entry.Id, cancellationToken);
    }

    private async Task ListAsync(string prefix, string folder, string id, CancellationToken cancellationToken)
    {
        var said = await _workspace.RunGitAsync(
            ["--git-dir", folder, "ls-tree", "-r", "-z", "--long", "--full-tree", id],
            new Dictionary<string, string>(), [], MostListed, cancellationToken);
        foreach (var record in Encoding.UTF8.GetString(said).Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            var (words, path) = record.Split('\t', 2) is [var before, var after] ? (before, after) : (record, "");
            var parts = words.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length != 4 || path.Length == 0 || !GitReference.IsObject(parts[2]))
            {
                throw new GitException(N("The repository's list of files can't be read."));
            }

            _ = long.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out var size);
            _entries[prefix + path] = new GitEntry(folder, parts[0], parts[2], size);
            if (_entries.Count > MostEntries)
            {
                throw new GitException(E("The repository has more than {0:N0} files.", MostEntries));
            }
        }
    }
}
