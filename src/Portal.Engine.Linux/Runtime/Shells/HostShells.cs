using Portal.Engine.Errors;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Interop.Spawning;
using Portal.Engine.Runtime;

namespace Portal.Engine.Linux.Runtime.Shells;

/// <summary>Starts programs on the host with posix_spawn(3), in sessions and at terminals of their own.</summary>
/// <remarks>
/// Where the agent has a mount namespace of its own, as a unit's hardening gives it one, the program enters those of the host's first process: a shell on
/// the node sees the node.
/// </remarks>
internal sealed class HostShells : IHostShells
{
    private const string Path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private static readonly string[] s_shells = ["bash", "sh"];

    public Task<IHostShell> StartAsync(HostShellRequest request, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var command = request.Command.Count > 0
            ? [Find(request.Command[0]), .. request.Command.Skip(1)]
            : new[] { s_shells.Select(TryFind).FirstOrDefault(found => found is not null) ?? Find("sh") };
        var folder = request.WorkingDirectory.Length > 0 ? request.WorkingDirectory : Directory.Exists("/root") ? "/root" : "/";
        if (!folder.StartsWith('/') || !Directory.Exists(folder))
        {
            throw EngineException.InvalidArgument($"There is no folder '{folder}' on the node.");
        }

        var terminal = PseudoTerminal.Open(request.Size);
        try
        {
            string[] whole = [.. Entering(), .. As(request.User), .. command];
            var processId = Spawner.Spawn(new SpawnRequest
            {
                Program = whole[0],
                Arguments = whole[1..],
                Environment = EnvironmentOf(request, command[0]),
                WorkingDirectory = folder,
                Terminal = terminal.Path,
            });
            return Task.FromResult<IHostShell>(new HostShell(terminal, processId, command));
        }
        catch (FileCallException failure)
        {
            terminal.Dispose();
            throw new EngineException(EngineErrorKind.InvalidArgument, $"'{command[0]}' could not be started on the node.", failure);
        }
        catch
        {
            terminal.Dispose();
            throw;
        }
    }

    // Later ones win where a name is there twice, in every shell; libc's getenv(3) takes the first.
    private static List<string> EnvironmentOf(HostShellRequest request, string shell)
    {
        List<string> usual =
        [
            "TERM=xterm-256color", $"PATH={Path}", "LANG=C.UTF-8", $"SHELL={shell}",
            .. request.User.Length > 0 ? [] : new[] { "HOME=/root", "USER=root" },
        ];
        if (request.Environment.FirstOrDefault(item => item.IndexOf('=', StringComparison.Ordinal) < 1 || item.Contains('\0')) is { } wrong)
        {
            throw EngineException.InvalidArgument($"invalid environment variable: {wrong}");
        }

        return [.. usual.Where(item => !request.Environment.Any(own => own.Split('=')[0] == item.Split('=')[0])), .. request.Environment];
    }

    private static string[] As(string user)
    {
        if (user.Length == 0)
        {
            return [];
        }

        return user.StartsWith('-') || user.Contains('\0')
            ? throw EngineException.InvalidArgument($"There is no user '{user}' on the node.")
            : [Find("runuser"), "--user", user, "--"];
    }

    private static string[] Entering() => LinkOf("/proc/1/ns/mnt") is { } first && first != LinkOf("/proc/self/ns/mnt")
        ? [Find("nsenter"), "--target", "1", "--mount", "--uts", "--ipc", "--net", "--pid", "--"]
        : [];

    private static string? LinkOf(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string Find(string program) => TryFind(program)
        ?? throw EngineException.InvalidArgument($"There is no program '{program}' on the node.");

    private static string? TryFind(string program) => program.StartsWith('/')
        ? File.Exists(program) ? program : null
        : program.Length == 0 || program.Contains('/') || program.Contains('\0') ? null
        : Path.Split(':').Select(folder => $"{folder}/{program}").FirstOrDefault(File.Exists);
}
