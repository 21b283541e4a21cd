using System.Diagnostics;
using System.Text;
using Portal.Agent.Hosting;
using Portal.Testing;
using Portal.Testing.Processes;

namespace Portal.Link.Tests.Environment;

/// <summary>The agent as it is installed: a process with its own engine, in a network namespace.</summary>
internal sealed class AgentProcess(TestInstance instance, string networkNamespace) : IAsyncDisposable
{
    private readonly AgentPaths _paths = new(instance.DataRoot, instance.RunRoot);
    private readonly StringBuilder _log = new();
    private Process? _process;

    private static string Program => Path.Combine(AppContext.BaseDirectory, "Portal.Agent.dll");

    public async Task JoinAsync(Uri url, string token)
    {
        var joined = await TryJoinAsync(url, token);
        Assert.True(joined.ExitCode == 0, joined.Error);
    }

    /// <summary>The same, where it may fail, as when the portal does not answer yet.</summary>
    public async Task<ToolResult> TryJoinAsync(Uri url, string token)
    {
        var file = instance.TempPath("join-token");
        await File.WriteAllTextAsync(file, token);
        return await Tool.TryRunAsync("nsenter", Arguments("join", url.ToString(), "--token-file", file));
    }

    public void Start()
    {
        instance.AlsoNamed(_paths.InstanceName);
        var start = new ProcessStartInfo("nsenter", Arguments("run")) { RedirectStandardOutput = true, RedirectStandardError = true };
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Kills it with SIGKILL: it can do nothing any more.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    /// <summary>Runs the stock client on the node's socket.</summary>
    public Task DockerAsync(params string[] arguments) =>
        Tool.RunAsync("docker", ["--host", $"unix://{_paths.DockerSocket}", .. arguments]);

    /// <summary>The same, where it may fail.</summary>
    public Task<ToolResult> TryDockerAsync(params string[] arguments) =>
        Tool.TryRunAsync("docker", ["--host", $"unix://{_paths.DockerSocket}", .. arguments]);

    /// <summary>Processes in a container, as the kernel has them.</summary>
    public int CountProcesses(string containerId)
    {
        return Directory.EnumerateDirectories("/proc")
            .Where(folder => int.TryParse(Path.GetFileName(folder), out _))
            .Count(folder => ReadOrEmpty(Path.Combine(folder, "cgroup")).Contains(containerId, StringComparison.Ordinal)
                && !ReadOrEmpty(Path.Combine(folder, "comm")).StartsWith("conmon", StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not { } process)
        {
            return;
        }

        var left = await Tool.TryRunAsync("docker", "--host", $"unix://{_paths.DockerSocket}", "ps", "--all", "--quiet");
        foreach (var id in left.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            await Tool.TryRunAsync("docker", "--host", $"unix://{_paths.DockerSocket}", "rm", "--force", id.Trim());
        }

        await Tool.TryRunAsync("kill", "-TERM", process.Id.ToString());
        using var deadline = new CancellationTokenSource(TestSettings.Within(TimeSpan.FromSeconds(15)));
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"The agent did not stop. Its log:\n{_log}");
        }
        finally
        {
            process.Dispose();
        }
    }

    // Not ip-netns(8), which gives its child a /sys of its own, without the engine's cgroups.
    private string[] Arguments(params string[] command) =>
        [$"--net=/run/netns/{networkNamespace}", "dotnet", Program, .. command, "--data", _paths.Data, "--run", _paths.Run];

    private void Note(string? line)
    {
        lock (_log)
        {
            _log.AppendLine(line);
        }
    }

    // A process may end while it is looked at.
    private static string ReadOrEmpty(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
