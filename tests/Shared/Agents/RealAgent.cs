using System.Diagnostics;
using System.Text;
using Portal.Testing.Images;
using Portal.Testing.Processes;
using Portal.Testing.Survival;

namespace Portal.Testing.Agents;

/// <summary>
/// The agent as it is installed, a process of its own with its Docker socket: to be stopped, killed and started again.
/// The test's project refers to the agent, so that its program is beside the test's.
/// </summary>
public sealed class RealAgent : IAsyncDisposable
{
    private static readonly TimeSpan s_stop = TestSettings.Within(TimeSpan.FromSeconds(30));
    private readonly StringBuilder _log = new();
    private readonly string _name;
    private Process? _process;

    /// <summary>An agent that does not run yet.</summary>
    /// <param name="instance">Its folders.</param>
    /// <param name="name">The name that it gives its engine (<c>AgentPaths.InstanceName</c>).</param>
    public RealAgent(TestInstance instance, string name)
    {
        Instance = instance;
        RunRoot = instance.RunRoot;
        _name = name;
        instance.AlsoNamed(name);
        Docker = NewClient();
    }

    public TestInstance Instance { get; }

    /// <summary>Its run folder (<c>PORTAL_RUN</c>); another one, beneath that of the instance, for the next start.</summary>
    public string RunRoot { get; set; }

    /// <summary>Where its engine's things are.</summary>
    public InstancePlaces Places => new(_name, Path.Combine(Instance.DataRoot, "engine"), Path.Combine(RunRoot, "engine"));

    /// <summary>Speaks to its socket; another one after each start.</summary>
    public DockerClient Docker { get; private set; }

    /// <summary>Settings besides its folders, as <c>PORTAL_*</c> variables.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>What the next start runs; the agent that is tested, where nothing else is said.</summary>
    public string Program { get; set; } = Path.Combine(AppContext.BaseDirectory, "Portal.Agent.dll");

    /// <summary>The process's number.</summary>
    public int ProcessId => _process!.Id;

    /// <summary>True while it runs.</summary>
    public bool IsRunning => _process is { HasExited: false };

    /// <summary>What it has written, all its runs.</summary>
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

    /// <summary>Starts it and loads busybox.</summary>
    public async Task StartWithBusyboxAsync()
    {
        await StartAsync();
        await Docker.LoadAsync(await BusyboxImages.WriteDockerArchiveAsync(Instance.TempPath("busybox.tar")));
    }

    /// <summary>Starts it and waits until it answers.</summary>
    public async Task StartAsync()
    {
        Begin();
        await Eventually.HoldsAsync(
            async () => IsRunning ? await Docker.AnswersAsync() : throw new InvalidOperationException($"The agent has ended:\n{Log}"),
            "the agent answers on its socket");
    }

    /// <summary>Starts it and waits until it has ended by itself.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> RunToEndAsync()
    {
        Begin();
        await _process!.WaitForExitAsync().WaitAsync(s_stop);
        return _process.ExitCode;
    }

    /// <summary>SIGKILL, to this process alone.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM; containers run on.</summary>
    public async Task StopAsync()
    {
        if (IsRunning)
        {
            await Tool.RunAsync("kill", "-TERM", $"{ProcessId}");
            await _process!.WaitForExitAsync().WaitAsync(s_stop);
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await StopAsync();
        }
        finally
        {
            if (IsRunning)
            {
                await KillAsync();
            }

            _process?.Dispose();
            Docker.Dispose();
            await Instance.DisposeAsync();
        }
    }

    private void Begin()
    {
        _process?.Dispose();
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var word in (string[])
            [Program, "run", "--data", Instance.DataRoot, "--run", RunRoot])
        {
            start.ArgumentList.Add(word);
        }

        foreach (var (key, value) in Environment)
        {
            start.Environment[key] = value;
        }

        if (TestSettings.Runtime is { } runtime)
        {
            start.Environment["PORTAL_RUNTIME"] = runtime;
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();

        // Connections to the one before are of no use.
        Docker.Dispose();
        Docker = NewClient();
    }

    private DockerClient NewClient() => new(Path.Combine(RunRoot, "docker.sock"));

    private void Note(string? line)
    {
        lock (_log)
        {
            _log.AppendLine(line);
        }
    }
}
