using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Portal.Engine.Containers.Joining;
using Portal.Engine.Containers.Lifecycle;
using Portal.Engine.Errors;
using Portal.Engine.Runtime;

namespace Portal.Engine.Containers.Execs;

/// <summary>
/// Execs in memory: an engine that starts anew has none but those whose output was kept and that are taken over; what still runs of the others
/// ends with its container.
/// </summary>
internal sealed class Execs(
    ContainerRegistry registry,
    IContainerRuntime runtime,
    IHostProcesses processes,
    ContainerEvents events,
    TimeProvider time) : IExecs
{
    /// <summary>The exit code of an exec whose container ended under it: as if killed.</summary>
    private const int Killed = 137;

    private static readonly TimeSpan s_remembered = TimeSpan.FromMinutes(5);

    // An entry keeps its container in memory. Who ran the exec still reads its exit code, nobody else asks any more.
    private static readonly TimeSpan s_rememberedOfGone = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_rememberedUnclaimed = TimeSpan.FromHours(1);
    private readonly ConcurrentDictionary<string, ExecEntry> _entries = new(StringComparer.Ordinal);

    // Ends of those that an earlier engine started and that nobody has taken over yet: what they said is read first.
    private readonly ConcurrentDictionary<string, ProcessExit> _unclaimed = new(StringComparer.Ordinal);

    public Task<string> CreateAsync(string container, ExecSpec spec, CancellationToken cancellationToken = default)
    {
        Forget();
        var found = Ready(registry.Get(container));
        ThrowIfInvalid(spec);
        runtime.Anticipate();
        var id = NewId();
        _entries[id] = new ExecEntry(id, found, spec, time.GetUtcNow());
        events.Publish(found, ExecActions.Of("exec_create", spec), ("execID", id));
        return Task.FromResult(id);
    }

    /// <summary>Describes an exec of the engine's own: it is like any other, but no event tells of it.</summary>
    public ExecEntry Describe(Container container, ExecSpec spec)
    {
        var entry = new ExecEntry(NewId(), Ready(container), spec, time.GetUtcNow(), isQuiet: true);
        _entries[entry.Id] = entry;
        return entry;
    }

    /// <summary>Forgets an exec of the engine's own. Should it still run, its end is only cleaned up after.</summary>
    public void Drop(ExecEntry entry) => _entries.TryRemove(entry.Id, out _);

    public async Task<IProcessStreams?> StartAsync(
        string execId,
        bool detach = false,
        TerminalSize? size = null,
        Func<Task>? starting = null,
        CancellationToken cancellationToken = default)
    {
        var entry = Get(execId);
        Ready(entry.Container);
        if (!entry.TryBegin())
        {
            throw EngineException.Conflict(
                $"Error: Exec command {execId} {(entry.IsRunning ? "is already running" : "has already run")}");
        }

        try
        {
            await (starting?.Invoke() ?? Task.CompletedTask).ConfigureAwait(false);
            var started = await runtime.ExecAsync(Request(entry, detach, size), cancellationToken).ConfigureAwait(false);
            entry.ProcessId = started.ProcessId;
            entry.Process = processes.Read(started.ProcessId);
            entry.TellStart(() => Tell(entry, ExecActions.Of("exec_start", entry.Spec)));
            return started.Streams;
        }
        catch (Exception failure)
        {
            entry.TryEnd(StartFailure.ExitCode(failure), time.GetUtcNow());
            await runtime.DeleteExecAsync(entry.Container.Id, execId, CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    public Task ResizeAsync(string execId, TerminalSize size, CancellationToken cancellationToken = default)
    {
        var entry = Get(execId);
        return entry.IsRunning
            ? runtime.ResizeExecAsync(entry.Container.Id, execId, size, cancellationToken)
            : throw EngineException.NotFound($"No such exec instance: {execId} does not run");
    }

    public Task<ExecInfo> InspectAsync(string execId, CancellationToken cancellationToken = default)
    {
        return Task.FromResult(Get(execId).ToInfo());
    }

    public IReadOnlyList<string> ListRunning(string containerId)
    {
        return [.. _entries.Values
            .Where(entry => entry.Container.Id == containerId && entry.IsRunning && !entry.IsQuiet)
            .OrderBy(entry => entry.LastChange)
            .Select(entry => entry.Id)];
    }

    public Task<int> WaitAsync(string execId, CancellationToken cancellationToken = default)
    {
        return Get(execId).Exit.WaitAsync(cancellationToken);
    }

    public Task KillAsync(string execId, int signal, CancellationToken cancellationToken = default)
    {
        var entry = Get(execId);
        if (entry.IsRunning && entry.Process is { } process)
        {
            processes.Signal(process, signal);
        }

        return Task.CompletedTask;
    }

    public async Task<TakenExec?> TakeOverAsync(string containerId, string execId, CancellationToken cancellationToken = default)
    {
        var container = registry.Get(containerId);
        if (await runtime.TakeOverExecAsync(container.Id, execId, cancellationToken).ConfigureAwait(false) is not { } taken)
        {
            return null;
        }

        var spec = new ExecSpec { Command = taken.Command, Tty = true, OpenStdin = true, KeepOutput = true };
        var entry = new ExecEntry(execId, container, spec, time.GetUtcNow()) { ProcessId = taken.ProcessId };
        entry.TryBegin();
        entry.Process = taken.ProcessId == 0 ? null : processes.Read(taken.ProcessId);
        entry.TellStart(() => { });
        _entries[execId] = entry;

        // It may have ended before there was an entry.
        if (_unclaimed.TryRemove(execId, out var exit))
        {
            await HandleAsync(exit).ConfigureAwait(false);
        }

        return taken;
    }

    public IReadOnlyList<(string ContainerId, string ExecId)> ListLeft() =>
        [.. runtime.ListKeptExecs().Where(exec => !_entries.ContainsKey(exec.ExecId))];

    /// <summary>Handles the end of an exec's process, also of one that an earlier engine started.</summary>
    public async Task HandleAsync(ProcessExit exit)
    {
        var execId = exit.ExecId!;
        if (exit.OutputIsKept && !_entries.ContainsKey(execId))
        {
            _unclaimed[execId] = exit;
            if (!_entries.ContainsKey(execId) || !_unclaimed.TryRemove(execId, out _))
            {
                return;
            }
        }

        if (_entries.TryGetValue(execId, out var entry))
        {
            End(entry, exit.ExitCode);
        }

        await runtime.DeleteExecAsync(exit.ContainerId, execId).ConfigureAwait(false);
    }

    /// <summary>Ends the execs of a container that has ended: nobody reports them any more.</summary>
    public void HandleContainerExit(string containerId)
    {
        foreach (var entry in _entries.Values.Where(entry => entry.Container.Id == containerId && entry.IsRunning))
        {
            End(entry, Killed);
        }
    }

    private void End(ExecEntry entry, int exitCode)
    {
        if (entry.TryEnd(exitCode, time.GetUtcNow()))
        {
            entry.TellEnd(() => Tell(entry, "exec_die", ("exitCode", exitCode.ToString(CultureInfo.InvariantCulture))));
        }
    }

    private void Tell(ExecEntry entry, string action, params ReadOnlySpan<(string Name, string Value)> more)
    {
        if (!entry.IsQuiet)
        {
            events.Publish(entry.Container, action, [("execID", entry.Id), .. more]);
        }
    }

    private static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    private void Forget()
    {
        var now = time.GetUtcNow();
        foreach (var entry in _entries.Values)
        {
            var remembered = entry.Container.Removed.IsCompleted ? s_rememberedOfGone : s_remembered;
            if (!entry.IsRunning && entry.LastChange < now - remembered)
            {
                _entries.TryRemove(entry.Id, out _);
            }
        }

        foreach (var exit in _unclaimed.Values.Where(exit => exit.FinishedAt < now - s_rememberedUnclaimed))
        {
            if (_unclaimed.TryRemove(exit.ExecId!, out _))
            {
                _ = runtime.DeleteExecAsync(exit.ContainerId, exit.ExecId!);
            }
        }
    }

    private ExecEntry Get(string execId)
    {
        return _entries.TryGetValue(execId, out var entry)
            ? entry
            : throw EngineException.NotFound($"No such exec instance: {execId}");
    }

    private static Container Ready(Container container)
    {
        return container.Record.State switch
        {
            ContainerState.Running => container,
            ContainerState.Paused => throw EngineException.Conflict(
                $"container {container.Record.Name} is paused, unpause the container before exec"),
            ContainerState.Restarting => throw EngineException.Conflict(
                $"container {container.Id} is restarting, wait until the container is running"),
            _ => throw EngineException.Conflict($"container {container.Id} is not running"),
        };
    }

    private static void ThrowIfInvalid(ExecSpec spec)
    {
        if (spec.Command is [] or ["", ..] || spec.Command.Any(word => word.Contains('\0')))
        {
            throw EngineException.InvalidArgument("No exec command specified");
        }

        if (spec.KeepOutput && !spec.Tty)
        {
            throw EngineException.InvalidArgument("Output is kept of execs with a terminal alone.");
        }

        if (spec.Environment.FirstOrDefault(item => item.Length == 0 || item[0] == '=' || item.Contains('\0')) is { } wrong)
        {
            throw EngineException.InvalidArgument($"invalid environment variable: {wrong}");
        }

        if (!string.IsNullOrEmpty(spec.WorkingDirectory) && !spec.WorkingDirectory.StartsWith('/'))
        {
            throw EngineException.InvalidArgument(
                $"the working directory '{spec.WorkingDirectory}' is invalid, it needs to be an absolute path");
        }
    }

    private RuntimeExec Request(ExecEntry entry, bool detach, TerminalSize? size)
    {
        var (spec, own) = (entry.Spec, entry.Container.Spec);
        var linked = LinkedVariables.Of(entry.Container, entry.Container.Network, registry);
        return new RuntimeExec
        {
            ContainerId = entry.Container.Id,
            ExecId = entry.Id,
            Process = new RuntimeProcess
            {
                Arguments = spec.Command,
                Environment = ContainerEnvironment.Of(own, own.Hostname, spec.Tty, linked, spec.Environment),
                WorkingDirectory = FirstGiven(spec.WorkingDirectory, own.WorkingDirectory, "/"),
                User = FirstGiven(spec.User, own.User, ""),
                Terminal = spec.Tty,
                Size = size,
            },
            Privileged = spec.Privileged || own.Privileged,
            OpenStdin = spec.OpenStdin,
            KeepOutput = spec.KeepOutput,
            Detach = detach,
        };
    }

    private static string FirstGiven(string? own, string? container, string otherwise)
    {
        return !string.IsNullOrEmpty(own) ? own : !string.IsNullOrEmpty(container) ? container : otherwise;
    }
}
