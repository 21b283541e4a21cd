using Portal.Engine.Runtime;

namespace Portal.Agent.Tests.Fakes;

/// <summary>A runtime that only tells what it is: nothing in front of the engine asks it for more.</summary>
public sealed class FakeRuntime : IContainerRuntime
{
    public Task<RuntimeInfo> GetInfoAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult(new RuntimeInfo("runc", "1.1.5", "2.1.6", "2"));

    public Task<int> CreateAsync(RuntimeContainer container, CancellationToken cancellationToken = default) => throw Unexpected();

    public Task StartAsync(string containerId, CancellationToken cancellationToken = default) => throw Unexpected();

    public Task KillAsync(string containerId, int signal, CancellationToken cancellationToken = default) => throw Unexpected();

    public Task PauseAsync(string containerId, CancellationToken cancellationToken = default) => throw Unexpected();

    public Task ResumeAsync(string containerId, CancellationToken cancellationToken = default) => throw Unexpected();

    public Task UpdateAsync(string containerId, RuntimeResources resources, CancellationToken cancellationToken = default) =>
        throw Unexpected();

    public Task DeleteAsync(string containerId, CancellationToken cancellationToken = default) => throw Unexpected();

    public Task<RuntimeStatus> GetStatusAsync(string containerId, CancellationToken cancellationToken = default) => throw Unexpected();

    public Task<IProcessStreams> AttachAsync(string containerId, CancellationToken cancellationToken = default) => throw Unexpected();

    public Task ResizeAsync(string containerId, TerminalSize size, CancellationToken cancellationToken = default) => throw Unexpected();

    public Task<RuntimeExecProcess> ExecAsync(RuntimeExec exec, CancellationToken cancellationToken = default) => throw Unexpected();

    public Task<TakenExec?> TakeOverExecAsync(string containerId, string execId, CancellationToken cancellationToken = default) =>
        throw Unexpected();

    public IReadOnlyList<(string ContainerId, string ExecId)> ListKeptExecs() => throw Unexpected();

    public Task ResizeExecAsync(
        string containerId, string execId, TerminalSize size, CancellationToken cancellationToken = default) => throw Unexpected();

    public Task DeleteExecAsync(string containerId, string execId, CancellationToken cancellationToken = default) => throw Unexpected();

    public Task ReopenLogAsync(string containerId, CancellationToken cancellationToken = default) => throw Unexpected();

    public IAsyncEnumerable<ProcessExit> WatchExitsAsync(CancellationToken cancellationToken = default) => throw Unexpected();

    public Task<IReadOnlyList<int>> ListProcessesAsync(string containerId, CancellationToken cancellationToken = default) => throw Unexpected();

    public Task CollectAsync(IReadOnlySet<string> knownContainerIds, CancellationToken cancellationToken = default) => throw Unexpected();

    private static InvalidOperationException Unexpected() => new("The agent went past the engine to its runtime.");
}
