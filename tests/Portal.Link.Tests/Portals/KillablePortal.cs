using System.Diagnostics;
using System.Text;
using Portal.Testing;

namespace Portal.Link.Tests.Portals;

/// <summary>The portal as a process of its own: to be killed and started again at the same address.</summary>
/// <param name="name">What its folders and messages are called by.</param>
/// <param name="folder">What they are in.</param>
/// <param name="database">Its connection string.</param>
/// <param name="keyFile">What all portals of the database share; null where it makes its own.</param>
internal sealed class KillablePortal(string name, string folder, string database, string? keyFile) : IAsyncDisposable
{
    private readonly StringBuilder _log = new();
    private readonly HttpClient _http = new();
    private Process? _process;

    public int Port { get; init; } = FreePort.Find();

    /// <summary>What is started; the portal that is tested, where nothing else is said.</summary>
    public string Program { get; init; } = Path.Combine(AppContext.BaseDirectory, "Portal.Web.dll");

    public string Name => name;

    /// <summary>Settings besides its own, as <c>PORTAL_*</c> variables.</summary>
    public Dictionary<string, string> Environment { get; } = [];

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

    /// <summary>Starts it and waits until it and its database answer.</summary>
    public async Task StartAsync()
    {
        var start = new ProcessStartInfo("dotnet", [Program])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PORTAL_DATA"] = Path.Combine(folder, name);
        start.Environment["PORTAL_RUN"] = Path.Combine(folder, name + "-run");
        start.Environment["PORTAL_HTTP"] = $"127.0.0.1:{Port}";
        start.Environment["PORTAL_DB"] = database;
        if (keyFile is not null)
        {
            start.Environment["PORTAL_KEY_FILE"] = keyFile;
        }

        foreach (var (key, value) in Environment)
        {
            start.Environment[key] = value;
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Eventually.HoldsAsync(IsReadyAsync, $"portal '{name}' is ready");
    }

    /// <summary>SIGKILL: it can do nothing any more.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await KillAsync();
        }

        _http.Dispose();
    }

    private async Task<bool> IsReadyAsync()
    {
        Assert.False(_process!.HasExited, $"Portal '{name}' has ended:\n{Log}");
        try
        {
            using var answer = await _http.GetAsync(new Uri($"http://127.0.0.1:{Port}/readyz"));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
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
