using System.Text.Json;
using Portal.Agent.Hosting;
using Portal.Contracts.Stacks;
using Portal.Engine.Storage;

namespace Portal.Agent.Services.Stacks;

/// <summary>
/// The trees that containers of stacks mount, by stack and digest. Each is written beside its place and renamed, so that one that is there
/// is whole; none is ever changed. Of those in memory a copy that root alone can read stays on the disk: containers come back after a
/// restart of the host without a portal.
/// </summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed partial class StackTrees(
    AgentPaths paths, IDurableFiles files, IGuardedFolders guarded, TimeProvider time, ILogger<StackTrees> logger)
{
    private const string KeptName = "memory.json";
    private const string NewPrefix = ".new-";
    private const int RunMode = 0b111_101_101;
    private const long MemoryBytes = 256L << 20;
    private const UnixFileMode RootOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // What nothing mounts may belong to a stack that is just being deployed.
    private static readonly TimeSpan s_forgotten = TimeSpan.FromDays(1);
    private readonly Lock _gate = new();

    /// <summary>Where the trees of all stacks are: on the disk and in memory.</summary>
    public IReadOnlyList<string> Roots { get; } = [paths.StackFiles, paths.StackMemory];

    public string FolderOf(string stackId) => Path.Combine(paths.StackFiles, stackId);

    public string MemoryFolderOf(string stackId) => Path.Combine(paths.StackMemory, stackId);

    /// <summary>Whether a tree is there, and where containers mount it from.</summary>
    public bool Has(string stackId, string digest)
    {
        lock (_gate)
        {
            var place = Path.Combine(FolderOf(stackId), digest);
            if (File.Exists(Path.Combine(place, KeptName)))
            {
                RestoreTree(stackId, digest);
            }

            return Directory.Exists(place);
        }
    }

    /// <summary>Brings a tree; does nothing when it is there.</summary>
    /// <exception cref="IOException">The disk.</exception>
    public void Put(string stackId, string digest, bool inMemory, IReadOnlyList<StackTreeFile> content)
    {
        lock (_gate)
        {
            var folder = FolderOf(stackId);
            Directory.CreateDirectory(paths.StackFiles, RootOnly);
            Directory.CreateDirectory(folder, RootOnly);
            if (!Directory.Exists(Path.Combine(folder, digest)))
            {
                WriteBeside(folder, digest, place =>
                {
                    if (inMemory)
                    {
                        KeptFile[] kept = [.. content.Select(file =>
                            new KeptFile(file.Path, file.Mode, file.UserId, file.GroupId, file.Content.ToArray()))];
                        files.WriteAtomically(Path.Combine(place, KeptName), JsonSerializer.SerializeToUtf8Bytes(kept));
                    }
                    else
                    {
                        WriteFiles(place, content, isDurable: true);
                    }
                });
                files.FlushFolder(folder);
                files.FlushFolder(paths.StackFiles);
            }

            if (inMemory)
            {
                RestoreTree(stackId, digest);
            }
        }
    }

    /// <summary>Removes the trees of a stack but those that are to be kept and those that are mounted; of other stacks what is forgotten.</summary>
    /// <param name="stackId">The stack.</param>
    /// <param name="keep">Digests.</param>
    /// <param name="mounted">What containers have of the host, whether they run or not.</param>
    /// <returns>How many of that stack went.</returns>
    public int Prune(string stackId, IEnumerable<string> keep, IEnumerable<string> mounted)
    {
        lock (_gate)
        {
            var used = mounted.Select(DigestIn).OfType<string>().Concat(keep).ToHashSet(StringComparer.Ordinal);
            var removed = 0;
            foreach (var stack in FoldersIn(paths.StackFiles))
            {
                var isThis = Path.GetFileName(stack) == stackId;
                foreach (var place in FoldersIn(stack).Where(place => !used.Contains(Path.GetFileName(place))))
                {
                    var age = time.GetUtcNow().UtcDateTime - Directory.GetLastWriteTimeUtc(place);
                    if (isThis || age > s_forgotten)
                    {
                        Remove(Path.GetFileName(stack), Path.GetFileName(place));
                        removed += isThis && !Path.GetFileName(place).StartsWith(NewPrefix, StringComparison.Ordinal) ? 1 : 0;
                    }
                }

                RemoveEmpty(stack);
                RemoveEmpty(MemoryFolderOf(Path.GetFileName(stack)));
            }

            return removed;
        }
    }

    /// <summary>Makes again what was in memory before the host started, and takes away what a killed agent left half written.</summary>
    public void Restore()
    {
        lock (_gate)
        {
            foreach (var stack in FoldersIn(paths.StackFiles))
            {
                foreach (var place in FoldersIn(stack))
                {
                    try
                    {
                        if (Path.GetFileName(place).StartsWith(NewPrefix, StringComparison.Ordinal))
                        {
                            Directory.Delete(place, recursive: true);
                        }
                        else if (File.Exists(Path.Combine(place, KeptName)))
                        {
                            RestoreTree(Path.GetFileName(stack), Path.GetFileName(place));
                        }
                    }
                    catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
                    {
                        // Containers that need it say so when they start; all others go on.
                        LogNotRestored(failure, place);
                    }
                }
            }
        }
    }

    private static string[] FoldersIn(string folder) => Directory.Exists(folder) ? Directory.GetDirectories(folder) : [];

    private static void RemoveEmpty(string folder)
    {
        if (Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any())
        {
            Directory.Delete(folder);
        }
    }

    // ROOT/STACK/DIGEST/...
    private string? DigestIn(string source) => Roots
        .Where(root => source.StartsWith(root + "/", StringComparison.Ordinal))
        .Select(root => source[(root.Length + 1)..].Split('/'))
        .Where(names => names.Length >= 2)
        .Select(names => names[1])
        .FirstOrDefault();

    // What is in memory goes first: the copy on the disk is what tells that there is any.
    private void Remove(string stackId, string digest)
    {
        var memory = Path.Combine(MemoryFolderOf(stackId), digest);
        if (Directory.Exists(memory))
        {
            Directory.Delete(memory, recursive: true);
        }

        Directory.Delete(Path.Combine(FolderOf(stackId), digest), recursive: true);
    }

    private void RestoreTree(string stackId, string digest)
    {
        guarded.EnsureInMemory(paths.StackMemory, MemoryBytes);
        var folder = MemoryFolderOf(stackId);
        if (Directory.Exists(Path.Combine(folder, digest)))
        {
            return;
        }

        var bytes = File.ReadAllBytes(Path.Combine(FolderOf(stackId), digest, KeptName));
        var kept = JsonSerializer.Deserialize<KeptFile[]>(bytes) ?? [];
        Directory.CreateDirectory(folder, RootOnly);
        WriteBeside(folder, digest, place => WriteFiles(
            place,
            [.. kept.Select(file => new StackTreeFile(file.Path, file.Mode, file.UserId, file.GroupId, file.Content))],
            isDurable: false));
    }

    private static void WriteBeside(string folder, string digest, Action<string> write)
    {
        var place = Path.Combine(folder, NewPrefix + Path.GetRandomFileName());
        Directory.CreateDirectory(place, RootOnly);
        try
        {
            write(place);
            Directory.Move(place, Path.Combine(folder, digest));
        }
        catch
        {
            Directory.Delete(place, recursive: true);
            throw;
        }
    }

    // The path of each was checked when it came; nothing but this writes here, so there is no link on the way.
    private void WriteFiles(string place, IReadOnlyList<StackTreeFile> content, bool isDurable)
    {
        foreach (var file in content)
        {
            var path = file.Path.Length == 0
                ? Path.Combine(place, StackTree.FileName) : Path.Combine(place, StackTree.FolderName, file.Path);
            MakeFolders(place, Path.GetDirectoryName(path)!);
            files.WriteAtomically(path, file.Content.Span, isDurable);
            guarded.SetOwner(path, file.UserId, file.GroupId, file.Mode);
        }
    }

    private void MakeFolders(string place, string folder)
    {
        if (folder == place || Directory.Exists(folder))
        {
            return;
        }

        MakeFolders(place, Path.GetDirectoryName(folder)!);
        Directory.CreateDirectory(folder);
        guarded.SetOwner(folder, 0, 0, RunMode);
    }

    [LoggerMessage(3610, LogLevel.Warning, "What containers of a stack mount could not be made again from '{Place}'")]
    private partial void LogNotRestored(Exception failure, string place);
}
