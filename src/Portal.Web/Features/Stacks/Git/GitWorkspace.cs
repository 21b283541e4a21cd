using System.Diagnostics;
using System.Text;

namespace Portal.Web.Features.Stacks.Git;

/// <summary>
/// A folder in which git runs for one look at a repository, and what bounds it. Nothing is ever checked out: objects are fetched into bare
/// repositories and read from there, so that links, hooks, filters and attributes of a repository are bytes and no more.
/// </summary>
/// <remarks>One caller at a time. The folder, with keys in it, is gone with <see cref="Dispose"/>.</remarks>
internal sealed class GitWorkspace : IDisposable
{
    private const long MostBytes = 512L << 20;
    private const int MostWords = 16 * 1024;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly TimeSpan s_abandoned = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_watch = TimeSpan.FromMilliseconds(200);

    // Bytes of a file and of memory, processor seconds, open files; no image of memory.
    private static readonly string[] s_limits =
        [$"--fsize={MostBytes}", $"--as={2L << 30}", "--cpu=120", "--nofile=512", "--core=0", "--"];

    // Whoever wrote the repository or runs its server chooses nothing that runs here.
    private static readonly string[] s_settings =
    [
        .. new[]
        {
            "protocol.allow=never", "protocol.https.allow=always", "protocol.ssh.allow=always", "core.hooksPath=/dev/null",
            "core.fsmonitor=false", "core.symlinks=false", "core.askPass=", "credential.helper=", "submodule.recurse=false",
            "fetch.recurseSubmodules=false", "http.followRedirects=false", "http.proxy=", "init.defaultBranch=main",
            "maintenance.auto=false",
            "gc.auto=0", "safe.directory=*", "log.showSignature=false", "transfer.unpackLimit=1", "transfer.bundleURI=false",
            "pack.threads=1", "core.bigFileThreshold=1m", "core.packedGitWindowSize=32m",
            "http.lowSpeedLimit=100", "http.lowSpeedTime=30",
        }.SelectMany(setting => new[] { "-c", setting }),
    ];

    private readonly TimeProvider _time;

    /// <summary>Makes one among others.</summary>
    public GitWorkspace(string root, TimeProvider time)
    {
        _time = time;
        Directory.CreateDirectory(root, OwnerOnly | UnixFileMode.UserExecute);
        RemoveAbandoned(root);
        Folder = Path.Combine(root, Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(Folder, OwnerOnly | UnixFileMode.UserExecute);
    }

    public string Folder { get; }

    /// <summary>Writes a file that nobody else may read.</summary>
    /// <returns>Its path.</returns>
    public string Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnerOnly };
        using var file = new FileStream(path, options);
        file.Write(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\n")));
        return path;
    }

    /// <summary>Runs git with variables beside the few that it always has; gives what it said, up to so many bytes.</summary>
    /// <exception cref="GitException">It said why not, or went beyond its bounds.</exception>
    public Task<byte[]> RunGitAsync(
        IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, byte[] input, long mostOutput,
        CancellationToken cancellationToken) =>
        RunAsync("git", [.. s_settings, .. arguments], environment, input, mostOutput, cancellationToken);

    /// <summary>Runs a program, as <see cref="RunGitAsync"/> does.</summary>
    public async Task<byte[]> RunAsync(
        string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, byte[] input, long mostOutput,
        CancellationToken cancellationToken)
    {
        using var process = Start(program, arguments, environment);
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var output = BoundedReader.ReadAsync(process.StandardOutput.BaseStream, mostOutput, isCut: false, bounded.Token);
        var words = BoundedReader.ReadAsync(process.StandardError.BaseStream, MostWords, isCut: true, bounded.Token);
        var watch = WatchAsync(bounded.Token);
        var left = new List<Task> { FeedAsync(process, input, bounded.Token), output, words, process.WaitForExitAsync(bounded.Token) };
        try
        {
            while (left.Count > 0)
            {
                // Whatever goes beyond its bounds ends all at once.
                var done = await Task.WhenAny([.. left, watch]);
                await done;
                left.Remove(done);
            }
        }
        finally
        {
            await EndAsync(process, bounded);
        }

        if (process.ExitCode != 0)
        {
            var said = GitWords.Explain(Encoding.UTF8.GetString(await words));
            throw new GitException(said.Length > 0 ? said : E("'{0}' ended with {1} and said nothing.", program, process.ExitCode));
        }

        return await output;
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(Folder, recursive: true);
        }
        catch (IOException)
        {
            // A program that was killed was still writing: the next look removes it.
        }
    }

    private static async Task FeedAsync(Process process, byte[] input, CancellationToken cancellationToken)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(input, cancellationToken);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it had read all: its exit code says why.
        }
    }

    // With all that it started, and waited for: nothing writes into the folder when this is done.
    private static async Task EndAsync(Process process, CancellationTokenSource bounded)
    {
        await bounded.CancelAsync();
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    private void RemoveAbandoned(string root)
    {
        foreach (var folder in new DirectoryInfo(root).EnumerateDirectories())
        {
            if (_time.GetUtcNow() - folder.LastWriteTimeUtc > s_abandoned)
            {
                folder.Delete(recursive: true);
            }
        }
    }

    private Process Start(string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("prlimit", [.. s_limits, program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Folder,
        };
        var path = Environment.GetEnvironmentVariable("PATH");
        start.Environment.Clear();
        var own = new Dictionary<string, string>
        {
            ["PATH"] = string.IsNullOrEmpty(path) ? "/usr/local/bin:/usr/bin:/bin" : path,
            ["HOME"] = Folder,
            ["LC_ALL"] = "C",
            ["GIT_CONFIG_NOSYSTEM"] = "1",
            ["GIT_CONFIG_GLOBAL"] = "/dev/null",
            ["GIT_ATTR_NOSYSTEM"] = "1",
            ["GIT_TERMINAL_PROMPT"] = "0",
            ["GIT_NO_REPLACE_OBJECTS"] = "1",
            ["GIT_ALLOW_PROTOCOL"] = "https:ssh",
            ["GIT_CEILING_DIRECTORIES"] = Folder,
        };
        foreach (var (name, value) in own.Concat(environment))
        {
            start.Environment[name] = value;
        }

        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception failure)
        {
            throw new GitException(N("Fetching needs the programs git, ssh and prlimit (util-linux) on the portal's host."), failure);
        }
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(s_watch, _time, cancellationToken);
            if (SizeOf(Folder) > MostBytes)
            {
                throw new GitException(
                    E("The repository is larger than {0} MiB, which is more than is fetched for a stack.", MostBytes >> 20));
            }
        }
    }

    private static long SizeOf(string folder)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = true };
        try
        {
            return new DirectoryInfo(folder).EnumerateFiles("*", options).Sum(file => file.Exists ? file.Length : 0);
        }
        catch (IOException)
        {
            // A file went while it was looked at: the next look sees the rest.
            return 0;
        }
    }
}
