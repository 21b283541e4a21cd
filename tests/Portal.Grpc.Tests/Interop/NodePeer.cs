using System.Diagnostics;
using System.Security.Cryptography;
using Portal.Testing;

namespace Portal.Grpc.Tests.Interop;

/// <summary>
/// The foreign peer: scripts over @grpc/grpc-js, whose packages are restored beside the test binaries once for each
/// version of the lock file.
/// </summary>
public sealed class NodePeer : IAsyncLifetime
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "interop");
    private static readonly SemaphoreSlim s_restoring = new(1);

    public async Task InitializeAsync()
    {
        await s_restoring.WaitAsync();
        try
        {
            await RestoreAsync();
        }
        finally
        {
            s_restoring.Release();
        }
    }

    public Task DisposeAsync() => Task.CompletedTask;

    /// <summary>Runs a case of the client against an address; fails with what it wrote when the case does not hold.</summary>
    public Task RunClientAsync(string address, string name) =>
        RunAsync("node", ["client.js", new Uri(address).Authority, name]);

    /// <summary>Starts the server; dispose to end it.</summary>
    internal Task<NodeServer> StartServerAsync(string? compression = null)
    {
        var process = Start("node", compression is null ? ["server.js"] : ["server.js", compression]);
        return NodeServer.WaitAsync(process);
    }

    private static async Task RestoreAsync()
    {
        var stamp = Path.Combine(s_folder, "restored");
        var wanted = Convert.ToHexString(SHA256.HashData(
            await File.ReadAllBytesAsync(Path.Combine(s_folder, "package-lock.json"))));
        if (File.Exists(stamp) && await File.ReadAllTextAsync(stamp) == wanted)
        {
            return;
        }

        await RunAsync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
        await File.WriteAllTextAsync(stamp, wanted);
    }

    private static async Task RunAsync(string program, string[] arguments)
    {
        using var process = Start(program, arguments);
        using var limit = new CancellationTokenSource(TestSettings.Within(TimeSpan.FromMinutes(2)));
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        try
        {
            await process.WaitForExitAsync(limit.Token);
            Assert.True(
                process.ExitCode == 0,
                $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{await output}\n{await errors}");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static Process Start(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program)
        {
            WorkingDirectory = s_folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start) ?? throw new InvalidOperationException($"Could not start '{program}'.");
    }
}
