using Portal.Agent.Services.Stacks;
using Portal.Engine.Hosting;

namespace Portal.Agent.Hosting;

/// <summary>Starts the engine before anything is served, and lets it go last; containers run on.</summary>
internal sealed partial class EngineHosting(IEngine engine, StackTrees stackTrees, AgentPaths paths, ILogger<EngineHosting> logger)
    : IHostedLifecycleService
{
    // Before Kestrel, which is a hosted service of its own, binds anything; and what containers mount before the first of them starts.
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        stackTrees.Restore();
        return engine.StartAsync(cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        LogReady(paths.InstanceName, paths.DockerSocket);
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => engine.StopAsync(cancellationToken);

    [LoggerMessage(3001, LogLevel.Information, "Engine '{Name}' is ready; DOCKER_HOST=unix://{Socket}")]
    private partial void LogReady(string name, string socket);
}
