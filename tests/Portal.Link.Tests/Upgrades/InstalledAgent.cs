using System.Diagnostics;
using System.Text;
using Portal.Agent.Hosting;
using Portal.Testing;
using Portal.Testing.Processes;

namespace Portal.Link.Tests.Upgrades;

/// <summary>An agent as it is installed, started by its launcher, without a service manager. Programs of versions are scripts.</summary>
internal sealed class InstalledAgent : IAsyncDisposable
{
    public const string Build = "1.0.0+old";
    private readonly TestInstance _instance;
    private readonly StringBuilder _log = new();
    private Process? _process;

    public InstalledAgent(TestInstance instance, string program)
    {
        _instance = instance;
        Paths = new AgentPaths(instance.DataRoot, instance.RunRoot);
        instance.AlsoNamed(Paths.InstanceName);
        WriteVersion(Folder, Build, program);
        var launcher = Path.Combine(Folder, "launch.sh");
        File.Copy(Path.Combine(AppContext.BaseDirectory, "launch.sh"), launcher);
        File.SetUnixFileMode(launcher, (UnixFileMode)0x1ED);
    }

    /// <summary>A program that is the real agent.</summary>
    public static string RealProgram => $"exec dotnet {Path.Combine(AppContext.BaseDirectory, "Portal.Agent.dll")} \"$@\"";

    public AgentPaths Paths { get; }

    /// <summary>Where it is installed.</summary>
    public string Folder => _instance.TempPath("installed");

    /// <summary>Versions and records.</summary>
    public string Versions => Path.Combine(Paths.Identity, "versions");

    public Dictionary<string, string> Environment { get; } = [];

    public bool IsRunning => _process is { HasExited: false };

    public int ProcessId => _process!.Id;

    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    /// <summary>Lays a version's files into a folder.</summary>
    public static void WriteVersion(string folder, string build, string program)
    {
        Directory.CreateDirectory(Path.Combine(folder, "agent"));
        File.WriteAllText(Path.Combine(folder, "BUILD"), build + '\n');
        var file = Path.Combine(folder, "agent", "Portal.Agent");
        File.WriteAllText(file, $"#!/bin/sh\n{program}\n");
        File.SetUnixFileMode(file, (UnixFileMode)0x1ED);
    }

    /// <summary>What a record says, or empty.</summary>
    public string Read(string record)
    {
        try
        {
            return File.ReadAllText(Path.Combine(Versions, record));
        }
        catch (IOException)
        {
            return "";
        }
    }

    public void Start()
    {
        var start = new ProcessStartInfo(Path.Combine(Folder, "launch.sh"), ["run"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        start.Environment.Remove("NOTIFY_SOCKET");
        start.Environment["PORTAL_DATA"] = Paths.Data;
        start.Environment["PORTAL_RUN"] = Paths.Run;
        foreach (var (name, value) in Environment)
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>SIGTERM to the launcher, which passes it on.</summary>
    public async Task<int> StopAsync()
    {
        await Tool.RunAsync("kill", "-TERM", $"{ProcessId}");
        return await AwaitEndAsync();
    }

    public async Task<int> AwaitEndAsync()
    {
        using var deadline = new CancellationTokenSource(TestSettings.Within(TimeSpan.FromSeconds(30)));
        await _process!.WaitForExitAsync(deadline.Token);
        return _process.ExitCode;
    }

    /// <summary>SIGKILL to the launcher alone.</summary>
    public async Task KillLauncherAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (IsRunning)
            {
                await StopAsync();
            }
        }
        finally
        {
            if (IsRunning)
            {
                _process!.Kill(entireProcessTree: true);
            }

            _process?.Dispose();
        }
    }

    private void Note(string? line)
    {
        lock (_log)
        {
            _log.AppendLine(line);
        }
    }
}
