using System.Text;
using Portal.Compose.Loading;
using Portal.Compose.Model;
using Portal.Compose.Nodes;
using Portal.Compose.Problems;
using Portal.Compose.Sources;
using Portal.Web.Features.Stacks.Files;
using Portal.Web.Features.Stacks.Git;

namespace Portal.Web.Features.Stacks.Sources;

/// <summary>
/// Takes a stack's files out of a repository: the Compose files and what they refer to, by reading them as they will be read later. What is
/// missing in one round is read for the next.
/// </summary>
internal sealed class StackTreeReader(GitTree tree, bool isSpread = false)
{
    private const int MostToldProblems = 3;
    private const int MostRounds = 40;
    private static readonly byte[] s_largeFile = Encoding.ASCII.GetBytes("version https://git-lfs.github.com/spec/");
    private readonly Dictionary<string, StackFileContent> _files = new(StringComparer.Ordinal);
    private readonly HashSet<string> _absent = new(StringComparer.Ordinal);

    /// <exception cref="GitException">The files can't be taken.</exception>
    /// <exception cref="StackException">They are wrong.</exception>
    public async Task<StackFileSet> ReadAsync(
        IReadOnlyList<string> composeFiles, string name, IReadOnlyDictionary<string, string> values, CancellationToken cancellationToken)
    {
        for (var round = 0; round < MostRounds; round++)
        {
            var asked = new AskedFiles(_files);
            var result = ComposeLoader.Load(
                asked, new ComposeOptions { Files = composeFiles, ProjectName = name, Values = values, IsSpread = isSpread });
            var missing = asked.Missing.Except(_absent).ToList();
            if (missing.Count > 0)
            {
                await TakeAsync(missing, cancellationToken);
                continue;
            }

            if (result.Project is null)
            {
                throw new StackException(InWords(StackCheck.Hidden(result.Problems, values)));
            }

            await TakeBindsAsync(result.Project, cancellationToken);
            var set = new StackFileSet(composeFiles, _files);
            return StackFileRules.ProblemOf(set) is { } problem ? throw new StackException(problem) : set;
        }

        throw new StackException(N("The files refer to each other over too many steps."));
    }

    private static string InWords(IReadOnlyList<ComposeProblem> problems)
    {
        var errors = problems.Where(problem => problem.Severity == ComposeSeverity.Error).ToList();
        var told = errors.Take(MostToldProblems).Select(error =>
            $"{GitWords.Plain(error.Mark.File, 200)}:{error.Mark.Line} {error.Key}: {GitWords.Plain(error.Message, 300)}");
        var more = errors.Count - MostToldProblems;
        return string.Join(' ', more > 0 ? told.Append(E("And {0} more.", more)) : told);
    }

    private async Task TakeAsync(IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        var found = new List<KeyValuePair<string, GitEntry>>();
        foreach (var path in paths)
        {
            if (await tree.FindAsync(path, cancellationToken) is { } entry)
            {
                found.Add(KeyValuePair.Create(path, entry));
            }
            else
            {
                _absent.Add(path);
            }
        }

        await TakeAsync(found, cancellationToken);
    }

    private async Task TakeAsync(IReadOnlyList<KeyValuePair<string, GitEntry>> found, CancellationToken cancellationToken)
    {
        // Before a byte of them is read.
        if (_files.Count + found.Count > StackFileRules.MostFiles)
        {
            throw new GitException(E("The stack refers to more than {0} files of the repository.", StackFileRules.MostFiles));
        }

        foreach (var (path, entry) in found)
        {
            if ((StackFileRules.ProblemOf(path) ?? (entry.Size > StackFileRules.LongestFile
                ? E("'{0}' is too long: it has {1:N0} bytes, and may have {2:N0}.", path, entry.Size, StackFileRules.LongestFile)
                : null)) is { } problem)
            {
                throw new GitException(problem);
            }
        }

        if (_files.Values.Sum(file => (long)file.Bytes.Length) + found.Sum(file => file.Value.Size) > StackFileRules.LongestSet)
        {
            throw new GitException(E("The stack refers to more than {0:N0} bytes of the repository.", StackFileRules.LongestSet));
        }

        var contents = await tree.ReadAsync([.. found.Select(file => file.Value)], cancellationToken);
        foreach (var ((path, entry), content) in found.Zip(contents))
        {
            _files[path] = content.AsSpan().StartsWith(s_largeFile)
                ? throw new GitException(
                    E("'{0}' is kept in Git LFS, from which nothing is fetched: put the file itself into the repository.", path))
                : new StackFileContent(content, entry.IsExecutable);
        }
    }

    // A source that the repository does not have is a folder that the node makes, as with Docker.
    private async Task TakeBindsAsync(ComposeProject project, CancellationToken cancellationToken)
    {
        var sources = project.Services.SelectMany(service => service.Definition.Items("volumes").OfType<ComposeMap>())
            .Where(mount => mount.Text("type") == "bind").Select(mount => mount.Text("source")).OfType<string>()
            .Where(source => !source.StartsWith('/')).Distinct();
        foreach (var source in sources)
        {
            if (ProjectPaths.Resolve("", source) is not { } path)
            {
                continue;
            }

            if (path.Length > 0 && await tree.FindAsync(path, cancellationToken) is { } file)
            {
                await TakeAsync(_files.ContainsKey(path) ? [] : [KeyValuePair.Create(path, file)], cancellationToken);
            }
            else
            {
                var below = await tree.ListBelowAsync(path, cancellationToken);
                await TakeAsync([.. below.Where(entry => !_files.ContainsKey(entry.Key))], cancellationToken);
            }
        }
    }

    private sealed class AskedFiles(Dictionary<string, StackFileContent> files) : IProjectFiles
    {
        public HashSet<string> Missing { get; } = new(StringComparer.Ordinal);

        public string? Read(string path) =>
            Find(path) is { } content ? content.ReadText() ?? throw new InvalidDataException("is no text in UTF-8.") : null;

        public byte[]? ReadBytes(string path) => Find(path)?.Bytes;

        private StackFileContent? Find(string path)
        {
            if (files.TryGetValue(path, out var content))
            {
                return content;
            }

            Missing.Add(path);
            return null;
        }
    }
}
