using Microsoft.Extensions.Logging;
using Portal.Engine.Containers;
using Portal.Engine.Containers.Health;
using Portal.Engine.Containers.Lifecycle;
using Portal.Engine.Containers.Restarts;
using Portal.Engine.Containers.States;
using Portal.Engine.Containers.Store;
using Portal.Engine.Errors;
using Portal.Engine.Events;
using Portal.Engine.Logs.Forwarding;
using Portal.Engine.Networks;
using Portal.Engine.Runtime;
using Portal.Engine.Volumes;

namespace Portal.Engine.Hosting;

/// <summary>
/// Brings what is written of containers in line with what runs. Every step may be done again: an engine that is killed in
/// the middle does the rest at its next start.
/// </summary>
internal sealed partial class ContainerReconciler(
    ContainerRegistry registry,
    ContainerStore store,
    ContainerStarter starter,
    ContainerExits exits,
    ContainerRemover remover,
    ContainerEvents events,
    RestartScheduler restarts,
    HealthMonitor health,
    LogForwarder logs,
    IContainerRuntime runtime,
    INetworks networks,
    LocalVolumes volumes,
    IEngineEvents journal,
    TimeProvider time,
    ILogger<ContainerReconciler> logger)
{
    private const int Parallel = 8;

    // What Docker says of a container that ended without anybody seeing how, as in a power cut.
    private const int UnknownExit = 255;

    private readonly ILogger<ContainerReconciler> _logger = logger;

    /// <summary>Runs all steps. Nothing else of the engine is used before it has ended.</summary>
    public async Task ReconcileAsync(CancellationToken cancellationToken)
    {
        foreach (var stored in store.Load())
        {
            registry.Add(new Container(stored.Config, stored.Record, stored.Folder, store));
        }

        RemoveHalfMade();
        await TellMissedAsync(cancellationToken).ConfigureAwait(false);
        var found = await LookAsync(cancellationToken).ConfigureAwait(false);
        var running = found
            .Where(pair => pair.Status.State is RuntimeState.Running or RuntimeState.Paused)
            .Select(pair => pair.Container.Id)
            .Concat(store.Unreadable)
            .ToHashSet(StringComparer.Ordinal);
        await networks.ReconcileAsync(running, cancellationToken).ConfigureAwait(false);
        await runtime.CollectAsync(Known(), cancellationToken).ConfigureAwait(false);
        await System.Threading.Tasks.Parallel.ForEachAsync(
            found,
            new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellationToken },
            async (pair, _) => await TrySettleAsync(pair.Container, pair.Status).ConfigureAwait(false))
            .ConfigureAwait(false);
    }

    /// <summary>All that must keep what it has in the kernel and on the disk, also what could not be read.</summary>
    public IReadOnlySet<string> Known() =>
        registry.All.Select(container => container.Id).Concat(store.Unreadable).ToHashSet(StringComparer.Ordinal);

    /// <summary>Starts what its policy wants to run, and goes on watching what runs. Called when everything else is in place.</summary>
    public async Task ApplyPoliciesAsync(CancellationToken cancellationToken)
    {
        foreach (var container in registry.All)
        {
            try
            {
                using var held = await container.Lock.AcquireAsync(cancellationToken).ConfigureAwait(false);
                ApplyPolicy(container);
            }
            catch (Exception failure) when (failure is EngineException or IOException)
            {
                // Mostly a full disk: an engine that does not start for it could not be asked to free some.
                LogSettleFailed(failure, container.Id);
            }
        }
    }

    private void ApplyPolicy(Container container)
    {
        var record = container.Record;

        // Also of those that have ended: the last engine may not have sent all.
        logs.Watch(container);
        if (container.IsRunning)
        {
            health.Watch(container);
        }
        else if (record.State == ContainerState.Restarting && container.PendingRestart is null)
        {
            restarts.Schedule(container);
        }
        else if (record.State == ContainerState.Exited
            && RestartDecision.AtEngineStart(container.Spec.RestartPolicy, record))
        {
            var to = ContainerSteps.Take(container.Id, record.State, ContainerStep.BackOff);
            container.Change(record with { State = to, ShortRuns = 0, StoppedByPerson = false });
            restarts.Schedule(container);
        }
    }

    /// <summary>Creations and removals that broke off, with the volumes that were made for them alone.</summary>
    private void RemoveHalfMade()
    {
        foreach (var half in store.HalfMade)
        {
            try
            {
                volumes.RemoveAnonymous(half.ContainerId, half.AnonymousVolumes);
                store.Remove(half.Folder);
            }
            catch (Exception failure) when (failure is EngineException or IOException or UnauthorizedAccessException)
            {
                // It takes room and nothing else; the next start tries again.
                LogSettleFailed(failure, half.ContainerId);
            }
        }
    }

    /// <summary>Tells what is written down, and what the engine that wrote it was killed before it could tell. Before anything changes.</summary>
    private async Task TellMissedAsync(CancellationToken cancellationToken)
    {
        var told = await ToldEvents.ReadAsync(journal, cancellationToken).ConfigureAwait(false);
        foreach (var container in registry.All.Where(container => !container.Record.Starting))
        {
            var record = container.Record;
            if (record.State == ContainerState.Created && told.IsMissing(container.Id, "create", container.Config.Created))
            {
                events.Publish(container, "create");
            }
            else if (!(record.StartedAt >= record.LaunchedAt))
            {
                // Its newest start was none.
            }
            else if (container.IsRunning && told.IsMissing(container.Id, "start", record.LaunchedAt.Value))
            {
                events.Publish(container, "start");
            }
            else if (!container.IsRunning && told.IsMissing(container.Id, "die", record.LaunchedAt.Value))
            {
                exits.Tell(container);
            }
        }
    }

    // Only what may have something in the kernel is asked for, which costs a process each.
    private async Task<(Container Container, RuntimeStatus Status)[]> LookAsync(CancellationToken cancellationToken)
    {
        var suspects = registry.All
            .Where(container => container.IsRunning || container.Record.Starting || container.Record.NeedsCleanUp)
            .ToArray();
        using var slots = new SemaphoreSlim(Parallel);
        return await Task.WhenAll(suspects.Select(async container =>
        {
            await slots.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                return (container, await runtime.GetStatusAsync(container.Id, cancellationToken).ConfigureAwait(false));
            }
            finally
            {
                slots.Release();
            }
        })).ConfigureAwait(false);
    }

    /// <summary>Goes on with removals that broke off, and with those that a container's end should have led to.</summary>
    public async Task FinishRemovalsAsync()
    {
        foreach (var container in registry.All)
        {
            var record = container.Record;
            var ended = record.State == ContainerState.Exited && container.Spec.AutoRemove && !record.StartAgain;
            if (record.State != ContainerState.Removing && !ended)
            {
                continue;
            }

            using var held = await container.Lock.AcquireAsync(CancellationToken.None).ConfigureAwait(false);
            try
            {
                await remover.RemoveLockedAsync(container, ended || record.RemoveVolumes).ConfigureAwait(false);
            }
            catch (EngineException failure)
            {
                LogSettleFailed(failure, container.Id);
            }
        }
    }

    private async Task TrySettleAsync(Container container, RuntimeStatus status)
    {
        try
        {
            using var held = await container.Lock.AcquireAsync(CancellationToken.None).ConfigureAwait(false);
            await SettleAsync(container, status).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is EngineException or IOException)
        {
            // One container that can't be brought in line must not keep the engine from serving the others.
            LogSettleFailed(failure, container.Id);
        }
    }

    private async Task SettleAsync(Container container, RuntimeStatus status)
    {
        var record = container.Record;
        if (status.State is RuntimeState.Running or RuntimeState.Paused && !record.NeedsCleanUp)
        {
            if (status.State == RuntimeState.Paused && record.PausedForCommit)
            {
                await runtime.ResumeAsync(container.Id).ConfigureAwait(false);
                status = status with { State = RuntimeState.Running };
            }

            Adopt(container, status);

            // The network's own record follows the container's, and does nothing when it has.
            await networks.RenameAsync(container.Id, record.Name).ConfigureAwait(false);
        }
        else if (status is { State: RuntimeState.Stopped, Exit: { } exit } && (container.IsRunning || record.Starting))
        {
            if (record.Starting)
            {
                Adopt(container, status with { State = RuntimeState.Running });
            }

            await exits.SettleAsync(container, exit).ConfigureAwait(false);
        }
        else if (record.Starting)
        {
            // Killed before the program ran: the start never was. One by the policy is still in the state Restarting, and
            // was counted when it began; its next try counts again.
            await starter.CleanUpAsync(container).ConfigureAwait(false);
            var restarts = record.RestartCount - (record.State == ContainerState.Restarting ? 1 : 0);
            container.Change(container.Record with { Starting = false, ProcessId = 0, RestartCount = Math.Max(0, restarts) });
        }
        else if (!container.IsRunning)
        {
            await starter.CleanUpAsync(container).ConfigureAwait(false);
        }
        else
        {
            var lost = new ProcessExit(container.Id, null, UnknownExit, time.GetUtcNow(), OutOfMemory: false);
            await exits.SettleAsync(container, lost).ConfigureAwait(false);
        }
    }

    private void Adopt(Container container, RuntimeStatus status)
    {
        var network = networks.Find(container.Id);
        var record = container.Record with { Networks = ContainerNetworks.Found(container, network) };
        container.Change(
            record with
            {
                State = status.State == RuntimeState.Paused ? ContainerState.Paused : ContainerState.Running,
                ProcessId = status.ProcessId,
                Starting = false,
                StartAgain = record.StartAgain && !record.Starting,
                PausedForCommit = false,
                StartedAt = record.Starting ? record.LaunchedAt : record.StartedAt,
                Health = record.Starting ? HealthRules.AtStart(container.Spec, record.Health) : record.Health,
            },
            network);
        if (record.Starting)
        {
            // The engine that started it was killed before it could tell.
            events.Publish(container, "start");
        }
    }
}
