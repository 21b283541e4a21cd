using Portal.Engine.Containers;
using Portal.Engine.Errors;
using Portal.Engine.Runtime;

namespace Portal.Engine.Api.Tests.Fakes;

/// <summary>One exec at a time.</summary>
internal sealed class FakeExecs : IExecs
{
    public static string Id { get; } = new('e', 64);

    public ExecSpec? Spec { get; private set; }

    public TerminalSize? Size { get; private set; }

    public FakeProcessStreams Process { get; set; } = new();

    public Task<string> CreateAsync(string container, ExecSpec spec, CancellationToken cancellationToken = default)
    {
        Spec = spec;
        return Task.FromResult(Id);
    }

    public async Task<IProcessStreams?> StartAsync(
        string execId,
        bool detach = false,
        TerminalSize? size = null,
        Func<Task>? starting = null,
        CancellationToken cancellationToken = default)
    {
        Size = size;
        await (starting?.Invoke() ?? Task.CompletedTask);
        return detach ? null : Process;
    }

    public Task ResizeAsync(string execId, TerminalSize size, CancellationToken cancellationToken = default)
    {
        Size = size;
        return Task.CompletedTask;
    }

    public Task<ExecInfo> InspectAsync(string execId, CancellationToken cancellationToken = default)
    {
        return execId == Id && Spec is not null
            ? Task.FromResult(new ExecInfo(Id, new string('a', 64), Spec, Running: false, ProcessId: 12, ExitCode: 7))
            : throw EngineException.NotFound($"No such exec instance: {execId}");
    }

    public IReadOnlyList<string> ListRunning(string containerId) => containerId[0] == 'a' && Spec is not null ? [Id] : [];

    public Task<int> WaitAsync(string execId, CancellationToken cancellationToken = default) => Task.FromResult(7);

    public Task<TakenExec?> TakeOverAsync(string containerId, string execId, CancellationToken cancellationToken = default) =>
        Task.FromResult<TakenExec?>(null);

    public IReadOnlyList<(string ContainerId, string ExecId)> ListLeft() => [];

    public Task KillAsync(string execId, int signal, CancellationToken cancellationToken = default) => Task.CompletedTask;
}
