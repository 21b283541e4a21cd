using System.Diagnostics;
using Portal.Testing;

namespace Portal.Engine.Linux.Tests.Containers;

/// <summary>An engine in a process of its own, to be killed.</summary>
public sealed class EngineProcess : IAsyncDisposable
{
    private readonly Process _process;

    private EngineProcess(Process process) => _process = process;

    public static async Task<EngineProcess> StartAsync(TestInstance instance)
    {
        var engine = Start(instance.Name, instance.DataRoot, instance.RunRoot);
        Assert.Equal("ready", await engine._process.StandardOutput.ReadLineAsync());
        return engine;
    }

    /// <summary>Starts one with the real store of images.</summary>
    public static async Task<EngineProcess> StartWithImagesAsync(TestInstance instance)
    {
        var engine = Start(instance.Name, instance.DataRoot, instance.RunRoot, "images");
        Assert.Equal("ready", await engine._process.StandardOutput.ReadLineAsync());
        return engine;
    }

    /// <summary>Starts one that makes and owns its instance.</summary>
    /// <returns>The engine and its instance's name.</returns>
    public static async Task<(EngineProcess Engine, string Name)> StartOwnAsync()
    {
        var engine = Start();
        var name = await engine._process.StandardOutput.ReadLineAsync();
        Assert.Equal("ready", await engine._process.StandardOutput.ReadLineAsync());
        return (engine, name!);
    }

    private static EngineProcess Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (var argument in (string[])
        [
            "exec", Path.Combine(AppContext.BaseDirectory, "Portal.Engine.TestHost.dll"), .. arguments,
        ])
        {
            start.ArgumentList.Add(argument);
        }

        return new EngineProcess(Process.Start(start)!);
    }

    /// <summary>Sends a command and gives the answer.</summary>
    public async Task<string> AskAsync(string command)
    {
        await SendAsync(command);
        return await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The engine has ended.");
    }

    /// <summary>Sends a command without waiting for its answer.</summary>
    public async Task SendAsync(string command)
    {
        await _process.StandardInput.WriteLineAsync(command);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Reads what it says up to a line that begins so.</summary>
    public async Task ReadToAsync(string start)
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(start, StringComparison.Ordinal))
            {
                return;
            }
        }

        throw new InvalidOperationException($"The engine has ended without saying '{start}'.");
    }

    /// <summary>SIGKILL, to this process alone.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }
}
