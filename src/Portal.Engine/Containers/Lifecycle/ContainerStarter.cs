using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using Portal.Engine.Containers.Files;
using Portal.Engine.Containers.Health;
using Portal.Engine.Containers.Joining;
using Portal.Engine.Containers.States;
using Portal.Engine.Errors;
using Portal.Engine.Logs.Forwarding;
using Portal.Engine.Networks;
using Portal.Engine.Runtime;
using Portal.Engine.Runtime.Namespaces;
using Portal.Engine.Snapshots;
using Portal.Engine.Volumes;

namespace Portal.Engine.Containers.Lifecycle;

/// <summary>Runs a container's program, or leaves nothing in the kernel.</summary>
/// <remarks>Holds no state. Whoever calls holds the container's lock.</remarks>
internal sealed partial class ContainerStarter(
    ContainerRegistry registry,
    ISnapshotter snapshotter,
    INetworks networks,
    IUserNamespaces userNamespaces,
    IContainerRuntime runtime,
    ContainerEvents events,
    LocalVolumes volumes,
    HealthMonitor health,
    LogForwarder logs,
    TimeProvider time,
    ILogger<ContainerStarter> logger)
{
    private readonly ILogger<ContainerStarter> _logger = logger;

    /// <summary>Starts it.</summary>
    /// <param name="container">Which.</param>
    /// <param name="intent">The record to start from: what a person or the policy changed of it.</param>
    /// <param name="cancellationToken">Stops the start and takes it back.</param>
    public async Task StartAsync(Container container, ContainerRecord intent, CancellationToken cancellationToken)
    {
        var state = ContainerSteps.Take(container.Id, intent.State, ContainerStep.Start);

        // Before the runtime forgets how the last run ended.
        container.CatchUp();
        runtime.Anticipate();
        if (intent.NeedsCleanUp)
        {
            await CleanUpAsync(container).ConfigureAwait(false);
            intent = intent with { NeedsCleanUp = false };
        }

        // Half of a restart until its program runs.
        var launched = intent with { Starting = true, LaunchedAt = time.GetUtcNow(), StartAgain = container.Record.StartAgain };
        container.Change(launched);
        try
        {
            await logs.CheckAsync(container, cancellationToken).ConfigureAwait(false);

            var (processId, sandbox) = await MakeAsync(container, cancellationToken).ConfigureAwait(false);
            await container.Attachments
                .ConnectAsync(() => runtime.AttachAsync(container.Id, cancellationToken)).ConfigureAwait(false);
            logs.Watch(container);
            await runtime.StartAsync(container.Id, cancellationToken).ConfigureAwait(false);
            var running = launched with
            {
                State = state,
                Starting = false,
                StartAgain = false,
                StartedAt = time.GetUtcNow(),
                ProcessId = processId,
                ExitCode = 0,
                Error = "",
                OutOfMemory = false,
                Health = HealthRules.AtStart(container.Spec, launched.Health),
            };
            container.Change(running, sandbox, durable: true);
            LinkedNames.Refresh(container, registry);
            events.PublishVolumes(container, "mount");
            events.Publish(container, "start");
            health.Watch(container);
        }
        catch (Exception failure)
        {
            await FailAsync(container, intent, failure).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Takes away whatever of a container is in the kernel, and writes down that it is so. Idempotent; goes on after a
    /// failure of one part, then throws it.
    /// </summary>
    public async Task CleanUpAsync(Container container)
    {
        await TakeAwayAsync(container, isRemoved: false).ConfigureAwait(false);
        if (container.Record.NeedsCleanUp)
        {
            // Written down or not: it may be done again.
            container.ChangeEvenIfFull(container.Record with { NeedsCleanUp = false }, container.Network);
        }
    }

    /// <summary>
    /// The same, for one that is removed next: with its root, whatever is in it. Until its folder is gone, its record says that something may
    /// be there.
    /// </summary>
    public Task RemoveAsync(Container container) => TakeAwayAsync(container, isRemoved: true);

    private async Task TakeAwayAsync(Container container, bool isRemoved)
    {
        var containerId = container.Id;
        ExceptionDispatchInfo? first = null;
        async Task Try(Func<Task> step)
        {
            try
            {
                await step().ConfigureAwait(false);
            }
            catch (Exception failure)
            {
                LogCleanUpFailed(failure, containerId);
                Interlocked.CompareExchange(ref first, ExceptionDispatchInfo.Capture(failure), null);
            }
        }

        // Processes first: they would keep the root and the namespace busy.
        await Try(() => runtime.EndAsync(containerId)).ConfigureAwait(false);
        var hasEnded = first is null;

        // Side by side, what works in the caller's thread last: some of it waits for the kernel, and all of it for the disk.
        await Task.WhenAll(
            Try(() => hasEnded ? Task.Run(() => runtime.DeleteAsync(containerId)) : Task.CompletedTask),
            Try(() => networks.DetachAsync(containerId)),
            Try(() => volumes.UnmountAsync(containerId, container.Config.Mounts)),
            Try(() => isRemoved && hasEnded ? snapshotter.RemoveAsync(containerId) : snapshotter.UnmountAsync(containerId)))
            .ConfigureAwait(false);
        first?.Throw();
    }

    /// <summary>
    /// All that a container has in the kernel, side by side: the monitor is loaded and the root mounted while the network is decided on, and
    /// most of the network made while the runtime makes the container. All of it has ended, well or not, when this returns or fails.
    /// </summary>
    private async Task<(int ProcessId, NetworkSandbox Sandbox)> MakeAsync(Container container, CancellationToken cancellationToken)
    {
        runtime.Expect(RuntimeRequest.ExpectationOf(container));
        var mounting = snapshotter.MountAsync(container.Id, cancellationToken);
        var attaching = AttachAsync(container, cancellationToken);
        try
        {
            await Task.WhenAll(mounting, attaching).ConfigureAwait(false);
            var (network, userNamespace) = await attaching.ConfigureAwait(false);
            var root = await mounting.ConfigureAwait(false);
            var processId = await CreateAsync(container, root, network, userNamespace, cancellationToken).ConfigureAwait(false);
            return (processId, await network.Finished.ConfigureAwait(false));
        }
        catch when (attaching.IsCompletedSuccessfully)
        {
            // Who cleans up must find all of it.
            var (network, _) = await attaching.ConfigureAwait(false);
            await ((Task)network.Finished).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    /// <summary>The user namespace first: the network's belongs to it.</summary>
    private async Task<(NetworkBeginning Network, string? UserNamespace)> AttachAsync(
        Container container, CancellationToken cancellationToken)
    {
        var owner = SharedUsers.OwnerOf(container, registry);
        var users = owner is null ? null
            : owner == container
                ? await userNamespaces.EnsureAsync(container.Id, owner.Config.Ids!, cancellationToken).ConfigureAwait(false)
            : userNamespaces.Find(owner.Id)
                ?? throw EngineException.Conflict($"cannot join namespaces of a non running container: {owner.Id}");
        return (await AttachNetworkAsync(container, users, cancellationToken).ConfigureAwait(false), users);
    }

    private Task<NetworkBeginning> AttachNetworkAsync(Container container, string? userNamespace, CancellationToken cancellationToken)
    {
        var spec = container.Spec;
        var wanted = ContainerNetworks.Wanted(container);
        var mode = OwnerOfNetwork(container) is { } owner ? $"container:{owner.Id}" : spec.NetworkMode;
        if (wanted.Count > 0)
        {
            mode = wanted[0].Network;
        }
        else if (ContainerNetworks.IsOwn(spec))
        {
            // It was taken off all of them.
            mode = "none";
        }

        return networks.BeginAttachAsync(
            new NetworkAttachment
            {
                ContainerId = container.Id,
                ContainerName = container.Record.Name,
                Mode = mode,
                Networks = wanted,
                Hostname = spec.Hostname ?? "",
                Ports = PublishedPorts.Of(spec),
                UserNamespacePath = userNamespace,
                NameServers = spec.Dns,
            },
            cancellationToken);
    }

    private async Task<int> CreateAsync(
        Container container,
        string root,
        NetworkBeginning network,
        string? userNamespace,
        CancellationToken cancellationToken)
    {
        var mounts = await volumes.MountAsync(container.Id, container.Config.Mounts, cancellationToken).ConfigureAwait(false);
        JoinedContainers.Check(container.Spec, registry);
        var owner = OwnerOfNetwork(container);
        var sandbox = network.Planned;
        if (owner is null)
        {
            NetworkFiles.Write(container, sandbox, LinkedNames.Of(container, sandbox, registry));
        }

        var linked = LinkedVariables.Of(container, sandbox, registry);
        var request = RuntimeRequest.Of(container, root, mounts, network, owner ?? container, linked, userNamespace);
        return await runtime.CreateAsync(request, cancellationToken).ConfigureAwait(false);
    }

    private Container? OwnerOfNetwork(Container container)
    {
        const string Prefix = "container:";
        if (!container.Spec.NetworkMode.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var owner = registry.Get(container.Spec.NetworkMode[Prefix.Length..]);

        // The other may itself have joined one: that one's network and files are meant. It runs, so there is no circle.
        return owner.IsRunning
            ? OwnerOfNetwork(owner) ?? owner
            : throw EngineException.Conflict($"cannot join network of a non running container: {owner.Id}");
    }

    private async Task FailAsync(Container container, ContainerRecord intent, Exception failure)
    {
        LogStartFailed(failure, container.Id);
        container.Attachments.Abandon();
        var clean = true;
        try
        {
            await CleanUpAsync(container).ConfigureAwait(false);
        }
        catch (Exception cleanUpFailure) when (cleanUpFailure is EngineException or IOException)
        {
            // Logged where it happened; the failure of the start is what the caller must hear of.
            clean = false;
        }

        container.Change(
            intent with
            {
                Starting = false,
                NeedsCleanUp = !clean,
                ProcessId = 0,
                Error = failure.Message,
                ExitCode = StartFailure.ExitCode(failure),
            },
            network: null);
    }
}
