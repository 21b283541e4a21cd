using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Portal.Testing.Processes;
using Xunit;

namespace Portal.Testing.Up;

/// <summary>
/// A real <c>./portal up</c> in folders of its own and on a port of its own. It can be stopped and started again over the same
/// folders. Disposing removes its containers, stops it, and takes away what an engine leaves on a host on purpose.
/// </summary>
public sealed partial class PortalUp : IAsyncDisposable
{
    public const string AdminPassword = "correct horse battery staple 1";

    // A first start may have to build the whole product.
    private static readonly TimeSpan s_readyDeadline = TestSettings.Within(TimeSpan.FromMinutes(8));
    private static readonly TimeSpan s_stopDeadline = TestSettings.Within(TimeSpan.FromSeconds(60));

    private readonly TestInstance _folders = new();
    private readonly ConcurrentQueue<string> _output = new();
    private readonly IReadOnlyDictionary<string, string> _settings;
    private Process? _process;
    private TaskCompletionSource<string> _ready = new();

    private PortalUp(IReadOnlyDictionary<string, string>? settings)
    {
        _settings = settings ?? new Dictionary<string, string> { ["PORTAL_ADMIN_PASSWORD"] = AdminPassword };
        Http = $"127.0.0.1:{FreePort.Find()}";
        _folders.AlsoNamed(EngineName(Data));

        // PostgreSQL's own user must be able to reach its folder.
        File.SetUnixFileMode(_folders.Root, (UnixFileMode)0b111_101_101);
    }

    /// <summary><c>ADDRESS:PORT</c> of the dashboard.</summary>
    public string Http { get; }

    /// <summary>The dashboard's address.</summary>
    public string Url => $"http://{Http}";

    /// <summary><c>PORTAL_DATA</c>.</summary>
    public string Data => _folders.DataRoot;

    /// <summary><c>PORTAL_RUN</c>.</summary>
    public string Run => _folders.RunRoot;

    /// <summary>For the test's own files.</summary>
    public string Temp => _folders.TempRoot;

    /// <summary>The line that began with <c>ready:</c>.</summary>
    public string ReadyLine { get; private set; } = "";

    /// <summary>How long the last start took.</summary>
    public TimeSpan StartTime { get; private set; }

    /// <summary>All that it printed so far.</summary>
    public IReadOnlyCollection<string> Output => [.. _output];

    /// <summary>Starts an instance and waits until it is ready.</summary>
    /// <param name="settings">Variables instead of a preset administrator's password.</param>
    public static async Task<PortalUp> StartNewAsync(IReadOnlyDictionary<string, string>? settings = null)
    {
        var portal = new PortalUp(settings);
        try
        {
            await portal.StartAsync();
            return portal;
        }
        catch
        {
            await portal.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it over its folders and waits until it is ready.</summary>
    public async Task StartAsync()
    {
        _ready = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _output.Clear();
        var start = new ProcessStartInfo(Script, ["up"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(key => key.StartsWith("PORTAL_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["PORTAL_DATA"] = Data;
        start.Environment["PORTAL_RUN"] = Run;
        start.Environment["PORTAL_HTTP"] = Http;
        foreach (var (name, value) in _settings)
        {
            start.Environment[name] = value;
        }

        var watch = Stopwatch.StartNew();
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.Exited += (_, _) => _ready.TrySetException(new InvalidOperationException("./portal up ended before it was ready."));
        _process.Start();
        _process.StandardInput.Close();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        try
        {
            ReadyLine = await _ready.Task.WaitAsync(s_readyDeadline);
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"./portal up did not get ready:\n{string.Join('\n', _output)}", failure);
        }

        StartTime = watch.Elapsed;
    }

    /// <summary>Stops it as Ctrl-C does, and waits for its end.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync(string signal = "TERM")
    {
        var process = _process ?? throw new InvalidOperationException("It does not run.");
        await Tool.TryRunAsync("kill", "-s", signal, process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        await process.WaitForExitAsync().WaitAsync(s_stopDeadline);
        var code = process.ExitCode;
        process.Dispose();
        _process = null;
        return code;
    }

    /// <summary>Kills the script alone, at once: what it started is the kernel's to tell.</summary>
    public async Task KillAsync()
    {
        var process = _process ?? throw new InvalidOperationException("It does not run.");
        process.Kill();
        await process.WaitForExitAsync().WaitAsync(s_stopDeadline);
        process.Dispose();
        _process = null;
    }

    /// <summary>Runs the stock <c>docker</c> client against its engine and gives its output, trimmed.</summary>
    public async Task<string> DockerAsync(params string[] arguments) =>
        (await Tool.RunAsync("docker", [.. Host(), .. arguments])).Trim();

    /// <summary>The same, whatever its exit code.</summary>
    public Task<ToolResult> TryDockerAsync(params string[] arguments) => Tool.TryRunAsync("docker", [.. Host(), .. arguments]);

    /// <summary>The process of one of its parts: <c>Portal.Web.dll</c>, <c>Portal.Agent.dll</c> or <c>postgres</c>.</summary>
    public int FindPart(string part)
    {
        var parent = _process?.Id ?? throw new InvalidOperationException("It does not run.");
        return Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), out var id) ? id : 0)
            .Where(id => id > 0 && ParentOf(id) == parent)
            .FirstOrDefault(id => CommandLine(id).Contains(part, StringComparison.Ordinal));
    }

    /// <summary>Waits until a condition holds; fails with the given words when it does not in time (more on slow machines).</summary>
    public static Task WaitUntilAsync(Func<Task<bool>> condition, TimeSpan within, string what) =>
        WaitUntilAsync(condition, within, () => what);

    /// <inheritdoc cref="WaitUntilAsync(Func{Task{bool}}, TimeSpan, string)"/>
    public static async Task WaitUntilAsync(Func<Task<bool>> condition, TimeSpan within, Func<string> what)
    {
        var deadline = TestSettings.Within(within);
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(watch.Elapsed < deadline, $"Within {deadline}: {what()}");
            await Task.Delay(50);
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_process is { HasExited: false })
            {
                await RemoveContainersAsync();
                await StopAsync();
            }
        }
        finally
        {
            // Whatever did not end by itself; then all that carries the engine's name, in whatever state it was left.
            _process?.Kill(entireProcessTree: true);
            _process?.Dispose();
            await _folders.DisposeAsync();
        }
    }

    private async Task RemoveContainersAsync()
    {
        var ids = (await TryDockerAsync("ps", "-aq")).Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (ids.Length > 0)
        {
            await TryDockerAsync(["rm", "-f", .. ids]);
        }
    }

    /// <summary>The engine's instance name, which its bridge, tables and cgroups carry.</summary>
    public static string EngineName(string data)
    {
        var hash = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(data));
        return "p" + Convert.ToHexStringLower(hash)[..6];
    }

    /// <summary>The front door.</summary>
    public static string Script => Path.Combine(RepositoryRoot(), "portal");

    private string[] Host() => ["--host", $"unix://{Run}/docker.sock"];

    private void Read(string? line)
    {
        if (line is null)
        {
            return;
        }

        _output.Enqueue(line);
        if (line.StartsWith("ready: ", StringComparison.Ordinal))
        {
            _ready.TrySetResult(line);
        }
    }

    private static int ParentOf(int processId)
    {
        try
        {
            var match = ParentLine().Match(File.ReadAllText($"/proc/{processId}/status"));
            return match.Success ? int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture) : 0;
        }
        catch (IOException)
        {
            // It ended between the listing and the look.
            return 0;
        }
    }

    private static string CommandLine(int processId)
    {
        try
        {
            return File.ReadAllText($"/proc/{processId}/cmdline").Replace('\0', ' ');
        }
        catch (IOException)
        {
            // It ended between the listing and the look.
            return "";
        }
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Portal.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("Portal.sln is in no folder above the tests.");
    }

    [GeneratedRegex(@"^PPid:\s+(\d+)", RegexOptions.Multiline)]
    private static partial Regex ParentLine();
}
