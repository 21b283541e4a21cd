using System.Diagnostics;
using Portal.Agent.Hosting;
using Portal.Testing;
using Portal.Testing.Agents;
using Portal.Testing.Processes;

namespace Portal.Clients.Tests.Hosting;

/// <summary>A real agent in a process of its own, with an image of this host's busybox, and clients that talk to it.</summary>
public sealed class AgentProcess : IAsyncLifetime
{
    private RealAgent? _agent;

    /// <summary>A folder for a test's files.</summary>
    public string Folder => Agent.Instance.TempRoot;

    /// <summary>Its Docker socket.</summary>
    public string Socket => Path.Combine(Agent.Instance.RunRoot, "docker.sock");

    private RealAgent Agent => _agent ?? throw new InvalidOperationException("The agent was not started.");

    private string DockerHost => $"unix://{Socket}";

    public async Task InitializeAsync()
    {
        var instance = new TestInstance();
        _agent = new RealAgent(instance, new AgentPaths(instance.DataRoot, instance.RunRoot).InstanceName);
        await Disposal.UnlessBegunAsync(_agent.StartWithBusyboxAsync, () => _agent.DisposeAsync().AsTask());
    }

    public async Task DisposeAsync()
    {
        try
        {
            if (Agent.IsRunning)
            {
                await RemoveContainersAsync();
            }
        }
        finally
        {
            await Agent.DisposeAsync();
        }
    }

    /// <summary>Runs a client to its end; fails with what it wrote when it does not exit with 0.</summary>
    /// <returns>Its standard output.</returns>
    internal async Task<string> RunAsync(Client client)
    {
        var result = await TryRunAsync(client);
        Assert.True(result.ExitCode == 0, $"{client.Program} {string.Join(' ', client.Arguments)}: {result.ExitCode}\n{result.Output}{result.Error}");
        return result.Output;
    }

    /// <summary>Runs a client to its end, whatever that is.</summary>
    internal async Task<ToolResult> TryRunAsync(Client client)
    {
        var start = new ProcessStartInfo(client.Program, client.Arguments)
        {
            WorkingDirectory = client.Folder ?? Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in client.Environment.Append(("DOCKER_HOST", DockerHost)).Append(("DOCKER_CONFIG", Folder)))
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        using var deadline = new CancellationTokenSource(client.Deadline);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
        var error = process.StandardError.ReadToEndAsync(deadline.Token);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
            return new ToolResult(process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private async Task RemoveContainersAsync()
    {
        var ids = (await RunAsync(new Client("docker", ["ps", "--all", "--quiet"]))).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (ids.Length > 0)
        {
            await RunAsync(new Client("docker", ["rm", "--force", "--volumes", .. ids]));
        }
    }
}
