using System.Text.RegularExpressions;
using Portal.Testing;
using Portal.Testing.Processes;

namespace Portal.Shipping.Tests.Hosting;

/// <summary>A host with systemd: a container.</summary>
public sealed partial class TestHost(Workshop workshop, string name) : IAsyncDisposable
{
    private const string Engine = "/run/portal/docker.sock";

    public string Name => name;

    public async ValueTask DisposeAsync() => await workshop.DockerAsync("rm", "--force", "--volumes", name);

    /// <summary>Runs a program on the host; fails when it does not exit with 0.</summary>
    public async Task<string> RunAsync(params string[] command)
    {
        var result = await TryAsync(command);
        return result.ExitCode == 0
            ? result.Output
            : throw new InvalidOperationException(
                $"'{string.Join(' ', command)}' on {name}: {result.ExitCode}\n{result.Error}{result.Output}");
    }

    public Task<ToolResult> TryAsync(params string[] command) => workshop.TryDockerAsync(["exec", name, .. command]);

    /// <summary>Puts a file of this machine into a folder of the host.</summary>
    public Task CopyAsync(string file, string folder) => workshop.DockerAsync("cp", file, $"{name}:{folder}");

    /// <summary>Writes a file of the host.</summary>
    public async Task WriteAsync(string path, string text)
    {
        var local = workshop.Instance.TempPath(Path.GetFileName(path));
        await File.WriteAllTextAsync(local, text);
        await workshop.DockerAsync("cp", local, $"{name}:{path}");
    }

    /// <summary>Calls the Docker API of the agent on the host.</summary>
    public Task<string> EngineAsync(string method, string path, params string[] more) =>
        RunAsync(["curl", "-fsS", "--unix-socket", Engine, "--request", method, .. more, $"http://agent{path}"]);

    /// <summary>Starts a container of busybox that sleeps, on the host's agent.</summary>
    public async Task StartContainerAsync(string container)
    {
        await CopyAsync(workshop.Instance.TempPath("busybox.tar"), "/root");
        await EngineAsync("POST", "/images/load", "--header", "Content-Type: application/x-tar", "--data-binary", "@/root/busybox.tar");
        await EngineAsync(
            "POST", $"/containers/create?name={container}", "--header", "Content-Type: application/json",
            "--data", """{"Image":"busybox","Cmd":["sleep","100000"]}""");
        await EngineAsync("POST", $"/containers/{container}/start");
    }

    /// <summary>The number of a container's process, as the agent tells it; 0 while it does not run or the agent does not answer.</summary>
    public async Task<string> FindProcessAsync(string container)
    {
        var answer = await TryAsync("curl", "--silent", "--unix-socket", Engine, $"http://agent/containers/{container}/json");
        return PidPattern().Match(answer.Output) is { Success: true } match ? match.Groups[1].Value : "0";
    }

    /// <summary>A property of a unit.</summary>
    public async Task<string> ShowAsync(string unit, string property) =>
        (await RunAsync("systemctl", "show", "--property", property, "--value", unit)).Trim();

    public Task AwaitProcessAsync(string container, string process) =>
        Eventually.HoldsAsync(async () => await FindProcessAsync(container) == process, $"the agent finds {container} running as before");

    /// <summary>Paths of all files, but for what systemd and its like write while they run.</summary>
    public async Task<string[]> ListFilesAsync()
    {
        var all = await RunAsync(
            "find", "/", "-xdev", "(", "-path", "/var/log", "-o", "-path", "/var/cache", ")", "-prune", "-o", "-print");
        var data = await RunAsync("find", "/var/lib", "-maxdepth", "1");
        return [.. all.Split('\n').Concat(data.Split('\n')).Order(StringComparer.Ordinal)];
    }

    [GeneratedRegex("\"Pid\":([0-9]+)")]
    private static partial Regex PidPattern();
}
