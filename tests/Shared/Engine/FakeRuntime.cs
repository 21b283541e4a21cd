using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Portal.Engine.Errors;
using Portal.Engine.Runtime;

namespace Portal.Testing.Engine;

/// <summary>
/// A runtime without processes. Like the real one it outlives an engine, keeps exits until they are deleted and holds logs
/// open: give the same one to the next engine.
/// </summary>
public sealed class FakeRuntime(TimeProvider time) : IContainerRuntime
{
    private readonly ConcurrentDictionary<string, FakeProcess> _containers = new();
    private readonly ConcurrentDictionary<string, ProcessExit> _execExits = new();
    private readonly ConcurrentDictionary<string, FakeStreams> _execStreams = new();
    private readonly List<Channel<ProcessExit>> _watches = [];
    private readonly Lock _lock = new();
    private int _lastProcessId = 1000;

    /// <summary>Called by <see cref="CreateAsync"/>; may throw.</summary>
    public Func<RuntimeContainer, Task> OnCreate { get; set; } = _ => Task.CompletedTask;

    /// <summary>Called by <see cref="StartAsync"/>; may throw.</summary>
    public Func<string, Task> OnStart { get; set; } = _ => Task.CompletedTask;

    /// <summary>Called by <see cref="EndAsync"/>; may throw.</summary>
    public Func<string, Task> OnEnd { get; set; } = _ => Task.CompletedTask;

    /// <summary>Called by <see cref="DeleteAsync"/>; may throw.</summary>
    public Func<string, Task> OnDelete { get; set; } = _ => Task.CompletedTask;

    /// <summary>Called by <see cref="ExecAsync"/> while the process runs already; may throw.</summary>
    public Func<RuntimeExec, Task> OnExec { get; set; } = _ => Task.CompletedTask;

    /// <summary>Called by <see cref="ReopenLogAsync"/>; may throw.</summary>
    public Func<string, Task> OnReopen { get; set; } = _ => Task.CompletedTask;

    /// <summary>Called by <see cref="UpdateAsync"/>; may throw.</summary>
    public Action<string, RuntimeResources> OnUpdate { get; set; } = (_, _) => { };

    /// <summary>Limits that were changed while containers ran.</summary>
    public ConcurrentQueue<(string ContainerId, RuntimeResources Resources)> Updates { get; } = new();

    /// <summary>What a container does with a signal; by default SIGKILL and SIGTERM end it.</summary>
    public Action<FakeRuntime, string, int> OnSignal { get; set; } = EndOnKillOrTerm;

    /// <summary>All that were created, in order, also those that are gone.</summary>
    public ConcurrentQueue<RuntimeContainer> Created { get; } = new();

    /// <summary>Signals that were sent.</summary>
    public ConcurrentQueue<(string ContainerId, int Signal)> Signals { get; } = new();

    /// <summary>Execs that were started.</summary>
    public ConcurrentQueue<RuntimeExec> Execs { get; } = new();

    /// <summary>Ids of containers of which the kernel would have something.</summary>
    public IReadOnlyCollection<string> Known => _containers.Keys.ToList();

    /// <summary>Ids of execs that have ended and whose remains nobody has removed.</summary>
    public IReadOnlyCollection<string> EndedExecs => _execExits.Keys.ToList();

    public FakeProcess this[string containerId] => _containers[containerId];

    public Task<RuntimeInfo> GetInfoAsync(CancellationToken cancellationToken = default)
    {
        return Task.FromResult(new RuntimeInfo("fake", "1.0", "1.0", "2"));
    }

    public async Task<int> CreateAsync(RuntimeContainer container, CancellationToken cancellationToken = default)
    {
        await OnCreate(container);
        Created.Enqueue(container);
        var process = new FakeProcess(container, Interlocked.Increment(ref _lastProcessId), time);
        if (!_containers.TryAdd(container.Id, process))
        {
            throw new InvalidOperationException("The container is there already: it was not deleted.");
        }

        return process.ProcessId;
    }

    public async Task StartAsync(string containerId, CancellationToken cancellationToken = default)
    {
        await OnStart(containerId);
        _containers[containerId].State = RuntimeState.Running;
    }

    public Task KillAsync(string containerId, int signal, CancellationToken cancellationToken = default)
    {
        Signals.Enqueue((containerId, signal));
        OnSignal(this, containerId, signal);
        return Task.CompletedTask;
    }

    public Task PauseAsync(string containerId, CancellationToken cancellationToken = default)
    {
        _containers[containerId].State = RuntimeState.Paused;
        return Task.CompletedTask;
    }

    public Task ResumeAsync(string containerId, CancellationToken cancellationToken = default)
    {
        if (_containers.TryGetValue(containerId, out var process) && process.State == RuntimeState.Paused)
        {
            process.State = RuntimeState.Running;
        }

        return Task.CompletedTask;
    }

    public Task UpdateAsync(string containerId, RuntimeResources resources, CancellationToken cancellationToken = default)
    {
        OnUpdate(containerId, resources);
        Updates.Enqueue((containerId, resources));
        return Task.CompletedTask;
    }

    public Task EndAsync(string containerId, CancellationToken cancellationToken = default) => OnEnd(containerId);

    public async Task DeleteAsync(string containerId, CancellationToken cancellationToken = default)
    {
        await OnDelete(containerId);
        if (_containers.TryRemove(containerId, out var process))
        {
            process.Dispose();
        }
    }

    public Task<RuntimeStatus> GetStatusAsync(string containerId, CancellationToken cancellationToken = default)
    {
        return Task.FromResult(_containers.TryGetValue(containerId, out var process)
            ? new RuntimeStatus(process.State, process.Exit is null ? process.ProcessId : 0, process.Exit)
            : new RuntimeStatus(RuntimeState.Absent, 0, null));
    }

    public Task<IProcessStreams> AttachAsync(string containerId, CancellationToken cancellationToken = default)
    {
        return Task.FromResult(_containers[containerId].Attach());
    }

    public Task ResizeAsync(string containerId, TerminalSize size, CancellationToken cancellationToken = default)
    {
        _containers[containerId].Size = size;
        return Task.CompletedTask;
    }

    public async Task<RuntimeExecProcess> ExecAsync(RuntimeExec exec, CancellationToken cancellationToken = default)
    {
        Execs.Enqueue(exec);
        await OnExec(exec);
        var streams = exec.Detach ? null : _execStreams.GetOrAdd(exec.ExecId, new FakeStreams(exec.Process.Terminal));
        return new RuntimeExecProcess(Interlocked.Increment(ref _lastProcessId), streams);
    }

    public Task<TakenExec?> TakeOverExecAsync(string containerId, string execId, CancellationToken cancellationToken = default) =>
        Task.FromResult<TakenExec?>(null);

    public IReadOnlyList<(string ContainerId, string ExecId)> ListKeptExecs() => [];

    public Task ResizeExecAsync(
        string containerId, string execId, TerminalSize size, CancellationToken cancellationToken = default)
    {
        return Task.CompletedTask;
    }

    public Task DeleteExecAsync(string containerId, string execId, CancellationToken cancellationToken = default)
    {
        _execExits.TryRemove(execId, out _);
        return Task.CompletedTask;
    }

    public async Task ReopenLogAsync(string containerId, CancellationToken cancellationToken = default)
    {
        await OnReopen(containerId);
        _containers[containerId].ReopenLog();
    }

    public async IAsyncEnumerable<ProcessExit> WatchExitsAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var channel = Channel.CreateUnbounded<ProcessExit>();
        lock (_lock)
        {
            foreach (var exit in _containers.Values.Select(process => process.Exit).OfType<ProcessExit>().Concat(_execExits.Values))
            {
                channel.Writer.TryWrite(exit);
            }

            _watches.Add(channel);
        }

        await foreach (var exit in channel.Reader.ReadAllAsync(cancellationToken))
        {
            yield return exit;
        }
    }

    public Task<IReadOnlyList<int>> ListProcessesAsync(string containerId, CancellationToken cancellationToken = default)
    {
        return Task.FromResult<IReadOnlyList<int>>([_containers[containerId].ProcessId]);
    }

    public Task CollectAsync(IReadOnlySet<string> knownContainerIds, CancellationToken cancellationToken = default)
    {
        foreach (var id in _containers.Keys.Where(id => !knownContainerIds.Contains(id)))
        {
            _containers.TryRemove(id, out _);
        }

        return Task.CompletedTask;
    }

    /// <summary>Ends a container's process.</summary>
    public void End(string containerId, int exitCode, bool outOfMemory = false)
    {
        var process = _containers[containerId];
        process.State = RuntimeState.Stopped;
        process.CloseOutput();
        lock (_lock)
        {
            // As one: who begins to watch in between would be told twice.
            process.Exit = new ProcessExit(containerId, null, exitCode, time.GetUtcNow(), outOfMemory);
            Report(process.Exit);
        }
    }

    /// <summary>Ends an exec's process, and with it its output.</summary>
    public void EndExec(string containerId, string execId, int exitCode, string output = "")
    {
        if (_execStreams.TryRemove(execId, out var streams))
        {
            streams.Send(OutputSource.Stdout, output);
            streams.End();
        }

        var exit = new ProcessExit(containerId, execId, exitCode, time.GetUtcNow(), false);
        _execExits[execId] = exit;
        Report(exit);
    }

    /// <summary>All is gone, as after a reboot.</summary>
    public void Reboot()
    {
        foreach (var id in _containers.Keys)
        {
            if (_containers.TryRemove(id, out var process))
            {
                process.Dispose();
            }
        }
    }

    private static void EndOnKillOrTerm(FakeRuntime runtime, string containerId, int signal)
    {
        if (signal is 9 or 15 && runtime._containers.TryGetValue(containerId, out var process) && process.Exit is null)
        {
            runtime.End(containerId, 128 + signal);
        }
    }

    private void Report(ProcessExit exit)
    {
        lock (_lock)
        {
            foreach (var watch in _watches)
            {
                watch.Writer.TryWrite(exit);
            }
        }
    }
}
