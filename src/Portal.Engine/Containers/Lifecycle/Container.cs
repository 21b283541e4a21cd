using Portal.Engine.Containers.States;
using Portal.Engine.Containers.Store;
using Portal.Engine.Errors;
using Portal.Engine.Networks;

namespace Portal.Engine.Containers.Lifecycle;

/// <summary>
/// One container while the engine runs. <see cref="Info"/> is an immutable picture that anyone may read at any time;
/// every change is made by whoever holds <see cref="Lock"/>, and is on disk before it is in the picture.
/// </summary>
internal sealed class Container
{
    private readonly ContainerStore _store;
    private readonly ContainerFolder _folder;
    private volatile ContainerInfo _info;
    private volatile ContainerRecord _record;
    private volatile ContainerSpec _spec;
    private readonly TaskCompletionSource<int> _removed = NewSignal();
    private TaskCompletionSource<int> _nextExit = NewSignal();

    public Container(ContainerConfig config, ContainerRecord record, ContainerFolder folder, ContainerStore store)
    {
        Config = config;
        _store = store;
        _folder = folder;
        _record = record;
        _spec = Current();
        _info = Picture();
    }

    /// <summary>Raised after each change of <see cref="Info"/>; handlers only set signals.</summary>
    public event Action? Changed;

    public string Id => Config.Id;

    public ContainerConfig Config { get; }

    /// <summary>What it was made of, with what was updated since.</summary>
    public ContainerSpec Spec => _spec;

    public ContainerFolder Folder => _folder;

    public AsyncLock Lock { get; } = new();

    public ContainerInfo Info => _info;

    public ContainerRecord Record => _record;

    public NetworkSandbox? Network { get; private set; }

    /// <summary>Clients that attached before the start.</summary>
    public PendingAttachments Attachments { get; } = new();

    /// <summary>Calls off a restart that waits for its time.</summary>
    public CancellationTokenSource? PendingRestart { get; set; }

    /// <summary>Calls off the probing of its health.</summary>
    public CancellationTokenSource? HealthWatch { get; set; }

    /// <summary>True while its log is being sent to another place. Changed under its lock.</summary>
    public bool IsForwarded { get; set; }

    /// <summary>Between the two halves of a restart by a person, where an end is not the end.</summary>
    public bool IsRestarting { get; set; }

    /// <summary>Ends with the container, with its last exit code.</summary>
    public Task<int> Removed => _removed.Task;

    /// <summary>Its next end, with the exit code. Taken before a step that leads to one.</summary>
    public Task<int> NextExit => Volatile.Read(ref _nextExit).Task;

    /// <summary>True while what is shown has yet to be written down: the disk was full. Changed under its lock.</summary>
    public bool IsAheadOfDisk { get; private set; }

    public bool IsRunning => _record.State is ContainerState.Running or ContainerState.Paused;

    /// <summary>Takes the lock, for as long as the container is there.</summary>
    /// <exception cref="EngineException">NotFound: it was removed meanwhile.</exception>
    public async Task<AsyncLock.Releaser> LockAsync(CancellationToken cancellationToken)
    {
        var held = await Lock.AcquireAsync(cancellationToken).ConfigureAwait(false);
        if (Removed.IsCompleted)
        {
            held.Dispose();
            throw EngineException.NotFound($"No such container: {_record.Name}");
        }

        return held;
    }

    /// <summary>Writes a change down, then shows it.</summary>
    /// <param name="record">The new record.</param>
    /// <param name="network">Its place on the network from now on.</param>
    /// <param name="durable">True where a power cut must not undo it: what a person decided.</param>
    public void Change(ContainerRecord record, NetworkSandbox? network, bool durable = false)
    {
        _store.SaveRecord(_folder, record, durable && !Spec.AutoRemove);
        IsAheadOfDisk = false;
        Show(record, network);
    }

    /// <summary>Writes a change down that leaves the network alone, then shows it.</summary>
    public void Change(ContainerRecord record, bool durable = false) => Change(record, Network, durable);

    /// <summary>
    /// Writes a change down if the disk has room for it, and shows it in any case: for what has happened, and for the steps that make
    /// room, which a full disk must not forbid. Until it is written, an engine that is killed comes back to the record before.
    /// </summary>
    public void ChangeEvenIfFull(ContainerRecord record, NetworkSandbox? network, bool durable = false)
    {
        try
        {
            Change(record, network, durable);
        }
        catch (EngineException failure) when (failure.Kind == EngineErrorKind.Unavailable)
        {
            IsAheadOfDisk = true;
            Show(record, network);
        }
    }

    /// <summary>Shows a change that follows from what is written down already.</summary>
    public void ShowOnly(ContainerRecord record) => Show(record, Network);

    /// <summary>Writes down what is shown, if that is not done yet.</summary>
    /// <exception cref="EngineException">Unavailable: the disk is still full.</exception>
    public void CatchUp()
    {
        if (IsAheadOfDisk)
        {
            Change(_record, durable: true);
        }
    }

    /// <summary>Wakes all who wait for its end.</summary>
    public void SignalExit(int exitCode) => Interlocked.Exchange(ref _nextExit, NewSignal()).TrySetResult(exitCode);

    /// <summary>Wakes all who wait for its removal, or for anything else of it.</summary>
    public void SignalRemoved()
    {
        _removed.TrySetResult(_record.ExitCode);
        SignalExit(_record.ExitCode);
        Changed?.Invoke();
    }

    private void Show(ContainerRecord record, NetworkSandbox? network)
    {
        _record = record;
        _spec = Current();
        Network = network;
        _info = Picture();
        Changed?.Invoke();
    }

    private ContainerSpec Current()
    {
        var spec = Config.Spec;
        var (resources, policy) = (_record.Resources ?? spec.Resources, _record.RestartPolicy ?? spec.RestartPolicy);
        return resources == spec.Resources && policy == spec.RestartPolicy
            ? spec
            : spec with { Resources = resources, RestartPolicy = policy };
    }

    private ContainerInfo Picture()
    {
        return new ContainerInfo
        {
            Id = Config.Id,
            Name = _record.Name,
            ImageId = Config.ImageId,
            Spec = _spec,
            Arguments = Config.Arguments,
            State = _record.State,
            Created = Config.Created,
            StartedAt = _record.StartedAt,
            FinishedAt = _record.FinishedAt,
            ExitCode = _record.ExitCode,
            OutOfMemory = _record.OutOfMemory,
            Error = _record.Error,
            ProcessId = _record.ProcessId,
            RestartCount = _record.RestartCount,
            Health = _record.Health,
            Network = Network,
            Networks = ContainerNetworks.Wanted(this),
            LogPath = _folder.Log,
            Mounts = Config.Mounts,
            AppArmorProfile = Config.AppArmorProfile,
            Ids = Config.Ids,
            HostsPath = _folder.Hosts,
            HostnamePath = _folder.Hostname,
            ResolvConfPath = _folder.ResolvConf,
        };
    }

    private static TaskCompletionSource<int> NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
