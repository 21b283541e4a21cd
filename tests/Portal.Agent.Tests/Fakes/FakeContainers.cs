using System.Collections.Concurrent;
using System.Security.Cryptography;
using Portal.Engine.Containers;
using Portal.Engine.Containers.Updates;
using Portal.Engine.Errors;
using Portal.Engine.Events;
using Portal.Engine.Runtime;

namespace Portal.Agent.Tests.Fakes;

/// <summary>Containers that keep their state and tell of every step.</summary>
public sealed class FakeContainers(FakeEvents events) : IContainers, IContainerUpdates
{
    private readonly ConcurrentDictionary<string, ContainerInfo> _containers = new();

    /// <summary>Thrown by the next start.</summary>
    public Exception? StartFailure { get; set; }

    /// <summary>The id of the image of all that is made.</summary>
    public string ImageId { get; set; } = "sha256:" + new string('0', 64);

    public ContainerSpec? LastSpec { get; private set; }

    public Task<ContainerCreated> CreateAsync(ContainerSpec spec, CancellationToken cancellationToken = default)
    {
        LastSpec = spec;
        var id = RandomNumberGenerator.GetHexString(64, lowercase: true);
        var info = new ContainerInfo
        {
            Id = id,
            Name = spec.Name ?? "made_up",
            ImageId = ImageId,
            Spec = spec,
            Arguments = spec.Command ?? ["sh"],
            Created = TimeProvider.System.GetUtcNow(),
        };
        if (_containers.Values.Any(container => container.Name == info.Name))
        {
            throw EngineException.Conflict($"The container name \"/{info.Name}\" is already in use.");
        }

        _containers[id] = info;
        Tell("create", id);
        return Task.FromResult(new ContainerCreated(id, info.Name, []));
    }

    public Task<IReadOnlyList<ContainerInfo>> ListAsync(bool all = true, CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<ContainerInfo>>([.. _containers.Values]);

    public Task<ContainerInfo> InspectAsync(string container, CancellationToken cancellationToken = default) =>
        Task.FromResult(Find(container));

    public Task<bool> StartAsync(string container, CancellationToken cancellationToken = default)
    {
        if (StartFailure is { } failure)
        {
            StartFailure = null;
            throw failure;
        }

        return Change(container, "start", ContainerState.Running);
    }

    public Task<bool> StopAsync(
        string container, TimeSpan? grace = null, string? signal = null, CancellationToken cancellationToken = default) =>
        Change(container, "die", ContainerState.Exited);

    public Task RestartAsync(
        string container, TimeSpan? grace = null, string? signal = null, CancellationToken cancellationToken = default) =>
        Change(container, "restart", ContainerState.Running);

    public Task KillAsync(string container, string? signal = null, CancellationToken cancellationToken = default) =>
        Change(container, "die", ContainerState.Exited);

    public Task PauseAsync(string container, CancellationToken cancellationToken = default) =>
        Change(container, "pause", ContainerState.Paused);

    public Task UnpauseAsync(string container, CancellationToken cancellationToken = default) =>
        Change(container, "unpause", ContainerState.Running);

    public Task RenameAsync(string container, string newName, CancellationToken cancellationToken = default)
    {
        var info = Find(container);
        _containers[info.Id] = info with { Name = newName };
        Tell("rename", info.Id);
        return Task.CompletedTask;
    }

    public Task RemoveAsync(
        string container, bool force = false, bool removeVolumes = false, CancellationToken cancellationToken = default)
    {
        var info = Find(container);
        _containers.TryRemove(info.Id, out _);
        Tell("destroy", info.Id);
        return Task.CompletedTask;
    }

    public Task<int> WaitAsync(
        string container, WaitCondition condition = WaitCondition.NotRunning, CancellationToken cancellationToken = default) =>
        Task.FromResult(Find(container).ExitCode);

    public Task<IProcessStreams> AttachAsync(string container, CancellationToken cancellationToken = default) =>
        throw EngineException.Conflict("A fake has no streams.");

    public Task ResizeAsync(string container, TerminalSize size, CancellationToken cancellationToken = default) =>
        Task.CompletedTask;

    public Task<IReadOnlyList<ContainerProcess>> ListProcessesAsync(
        string container, CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<ContainerProcess>>(
            [new ContainerProcess(42, 1, "0", TimeProvider.System.GetUtcNow(), TimeSpan.FromSeconds(1), "sh")]);

    public Task<IReadOnlyList<string>> UpdateAsync(
        string container, ContainerUpdate update, CancellationToken cancellationToken = default)
    {
        var info = Find(container);
        var spec = info.Spec with { Resources = update.Resources, RestartPolicy = update.RestartPolicy ?? info.Spec.RestartPolicy };
        _containers[info.Id] = info with { Spec = spec };
        Tell("update", info.Id);
        return Task.FromResult<IReadOnlyList<string>>([]);
    }

    private Task<bool> Change(string container, string action, ContainerState state)
    {
        var info = Find(container);
        var changed = info.State != state;
        _containers[info.Id] = info with { State = state };
        Tell(action, info.Id);
        return Task.FromResult(changed);
    }

    /// <summary>Gives a container a log file.</summary>
    public void SetLogPath(string container, string path) => _containers[container] = Find(container) with { LogPath = path };

    /// <summary>Says what a container mounts.</summary>
    public void SetMounts(string container, params IReadOnlyList<ContainerMount> mounts)
    {
        var info = Find(container);
        _containers[info.Id] = info with { Mounts = mounts };
    }

    private ContainerInfo Find(string container) =>
        _containers.Values.FirstOrDefault(info => info.Id == container || info.Name == container)
        ?? throw EngineException.NotFound($"No such container: {container}");

    private void Tell(string action, string id) =>
        events.Publish(EngineEventType.Container, action, id, new Dictionary<string, string>());
}
