using Portal.Engine.Containers;
using Portal.Engine.Containers.Processes;
using Portal.Engine.Containers.Updates;
using Portal.Engine.Errors;
using Portal.Engine.Runtime;

namespace Portal.Engine.Api.Tests.Fakes;

/// <summary>Containers as a test puts them, and a record of what was asked.</summary>
internal sealed class FakeContainers : IContainers, IContainerUpdates, IContainerProcesses
{
    public List<ContainerInfo> All { get; } = [];

    public List<string> Calls { get; } = [];

    public ContainerSpec? Created { get; private set; }

    public FakeProcessStreams Process { get; set; } = new();

    public TaskCompletionSource<int> Exit { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Thrown by the next step.</summary>
    public Exception? Failure { get; set; }

    public static ContainerInfo Describe(string name = "web", char digit = 'a', ContainerState state = ContainerState.Running)
    {
        return new ContainerInfo
        {
            Id = new string(digit, 64),
            Name = name,
            ImageId = "sha256:" + new string('1', 64),
            Spec = new ContainerSpec { Image = "busybox:latest", OpenStdin = true, StdinOnce = true, Command = ["sh", "-c", "true"] },
            Arguments = ["sh", "-c", "true"],
            State = state,
            Created = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
            StartedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 6, 789, TimeSpan.Zero),
            ProcessId = 4711,
        };
    }

    public Task<ContainerCreated> CreateAsync(ContainerSpec spec, CancellationToken cancellationToken = default)
    {
        Throw();
        Created = spec;
        return Task.FromResult(new ContainerCreated(new string('c', 64), spec.Name ?? "made_up", []));
    }

    public Task<IReadOnlyList<ContainerInfo>> ListAsync(bool all = true, CancellationToken cancellationToken = default)
    {
        return Task.FromResult<IReadOnlyList<ContainerInfo>>([.. All.Where(container => all || container.State == ContainerState.Running)]);
    }

    public Task<ContainerInfo> InspectAsync(string container, CancellationToken cancellationToken = default)
    {
        return Task.FromResult(Find(container));
    }

    public Task<bool> StartAsync(string container, CancellationToken cancellationToken = default)
    {
        Note("start", container);
        return Task.FromResult(Find(container).State != ContainerState.Running);
    }

    public Task<bool> StopAsync(
        string container, TimeSpan? grace = null, string? signal = null, CancellationToken cancellationToken = default)
    {
        Note($"stop {grace?.TotalSeconds} {signal}", container);
        return Task.FromResult(Find(container).State == ContainerState.Running);
    }

    public Task RestartAsync(
        string container, TimeSpan? grace = null, string? signal = null, CancellationToken cancellationToken = default)
    {
        return Note("restart", container);
    }

    public Task KillAsync(string container, string? signal = null, CancellationToken cancellationToken = default)
    {
        return Note($"kill {signal}", container);
    }

    public Task PauseAsync(string container, CancellationToken cancellationToken = default) => Note("pause", container);

    public Task UnpauseAsync(string container, CancellationToken cancellationToken = default) => Note("unpause", container);

    public Task RenameAsync(string container, string newName, CancellationToken cancellationToken = default)
    {
        return Note($"rename {newName}", container);
    }

    public Task RemoveAsync(
        string container, bool force = false, bool removeVolumes = false, CancellationToken cancellationToken = default)
    {
        return Note($"remove {force} {removeVolumes}", container);
    }

    public Task<int> WaitAsync(
        string container, WaitCondition condition = WaitCondition.NotRunning, CancellationToken cancellationToken = default)
    {
        Note($"wait {condition}", container);
        return Exit.Task.WaitAsync(cancellationToken);
    }

    public Task<IProcessStreams> AttachAsync(string container, CancellationToken cancellationToken = default)
    {
        return Task.FromResult<IProcessStreams>(Process);
    }

    public Task ResizeAsync(string container, TerminalSize size, CancellationToken cancellationToken = default)
    {
        return Note($"resize {size.Columns}x{size.Rows}", container);
    }

    public Task<IReadOnlyList<ContainerProcess>> ListProcessesAsync(string container, CancellationToken cancellationToken = default)
    {
        return Task.FromResult<IReadOnlyList<ContainerProcess>>(
            [new ContainerProcess(10, 1, "0", DateTimeOffset.UnixEpoch, TimeSpan.FromSeconds(61), "sleep 9")]);
    }

    public async Task<IReadOnlyList<string>> UpdateAsync(
        string container, ContainerUpdate update, CancellationToken cancellationToken = default)
    {
        await Note($"update {update.Resources.Memory} {update.PidsLimit} {update.RestartPolicy?.Kind}", container);
        return [];
    }

    public async Task<ProcessTable> ReadAsync(string container, string arguments, CancellationToken cancellationToken = default)
    {
        await Note($"top {arguments}", container);
        return new ProcessTable(["PID", "COMMAND"], [["10", "sleep 9"]]);
    }

    private Task Note(string call, string container)
    {
        Throw();
        lock (Calls)
        {
            Calls.Add($"{call} {Find(container).Name}");
        }

        return Task.CompletedTask;
    }

    private void Throw()
    {
        if (Failure is not null)
        {
            throw Failure;
        }
    }

    private ContainerInfo Find(string container)
    {
        return All.Find(candidate => candidate.Name == container || candidate.Id.StartsWith(container, StringComparison.Ordinal))
            ?? throw EngineException.NotFound($"No such container: {container}");
    }
}
