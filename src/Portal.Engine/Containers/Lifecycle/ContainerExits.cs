using System.Globalization;
using Microsoft.Extensions.Logging;
using Portal.Engine.Containers.Health;
using Portal.Engine.Containers.Restarts;
using Portal.Engine.Containers.States;
using Portal.Engine.Errors;
using Portal.Engine.Runtime;

namespace Portal.Engine.Containers.Lifecycle;

/// <summary>Does what follows from a container's end: cleans up, writes it down, tells, and restarts or removes.</summary>
internal sealed partial class ContainerExits(
    ContainerRegistry registry,
    ContainerStarter starter,
    RestartScheduler restarts,
    IContainerRuntime runtime,
    ContainerRemover remover,
    Execs.Execs execs,
    ContainerEvents events,
    ILogger<ContainerExits> logger)
{
    private readonly ILogger<ContainerExits> _logger = logger;

    /// <summary>Handles the end of a main process. Idempotent: one that is known already, or of an earlier run, changes nothing.</summary>
    /// <exception cref="EngineException">
    /// Unavailable: everybody knows of the end, but a full disk had no room for it. The caller tries again, until it is written down.
    /// </exception>
    public async Task HandleAsync(ProcessExit exit)
    {
        if (registry.Find(exit.ContainerId) is not { } container)
        {
            return;
        }

        // Not to be cancelled: an end that is half written down would be worse than a slow stop of the engine.
        using (await container.Lock.AcquireAsync(CancellationToken.None).ConfigureAwait(false))
        {
            if (container.IsRunning && await ConfirmAsync(container, exit).ConfigureAwait(false) is { } current)
            {
                await SettleAsync(container, current).ConfigureAwait(false);
            }
            else if (!container.IsRunning)
            {
                await CatchUpAsync(container).ConfigureAwait(false);
            }

            if (container.IsAheadOfDisk && !container.Removed.IsCompleted)
            {
                throw new EngineException(
                    EngineErrorKind.Unavailable,
                    $"The end of container {container.Id} could not be written down because the disk is full.");
            }
        }
    }

    // What a full disk kept from being done when the end was told first.
    private async Task CatchUpAsync(Container container)
    {
        container.CatchUp();
        if (container.Record.NeedsCleanUp)
        {
            await CleanUpAsync(container, isRemovedNext: false).ConfigureAwait(false);
        }
    }

    // An end from before the newest start is of an earlier run. As the clocks of files and processes differ by some
    // milliseconds, the runtime has the last word.
    private async Task<ProcessExit?> ConfirmAsync(Container container, ProcessExit exit)
    {
        if (!(exit.FinishedAt < container.Record.LaunchedAt))
        {
            return exit;
        }

        return (await runtime.GetStatusAsync(container.Id).ConfigureAwait(false)).Exit;
    }

    /// <summary>The same for a caller that holds the container's lock and knows that it ran.</summary>
    public async Task SettleAsync(Container container, ProcessExit exit)
    {
        HealthMonitor.CallOff(container);
        var duration = exit.FinishedAt - (container.Record.StartedAt ?? exit.FinishedAt);
        var ended = container.Record with
        {
            Starting = false,
            NeedsCleanUp = true,
            ProcessId = 0,
            ExitCode = exit.ExitCode,
            OutOfMemory = exit.OutOfMemory,
            FinishedAt = exit.FinishedAt,
            Health = HealthRules.AtEnd(container.Record.Health),
            ShortRuns = duration >= RestartBackOff.LongRun ? 1 : container.Record.ShortRuns + 1,
        };
        var restart = RestartDecision.AfterExit(container.Spec.RestartPolicy, ended);
        var step = restart ? ContainerStep.BackOff : ContainerStep.End;
        ended = ended with { State = ContainerSteps.Take(container.Id, ended.State, step) };
        var autoRemove = !restart && container.Spec.AutoRemove && !container.IsRestarting && !ended.StartAgain;

        // A process that is gone must not be shown as running until there is room to write that down.
        container.ChangeEvenIfFull(ended, network: null);

        // Until then the runtime has the only lasting record of how it ended, which a clean-up deletes. Who stops or removes a container
        // on a full disk wants room, and must not be made to wait for it.
        var isClean = false;
        if (!container.IsAheadOfDisk || ended.StoppedByPerson || autoRemove)
        {
            isClean = await CleanUpAsync(container, autoRemove).ConfigureAwait(false);
        }

        Tell(container);
        execs.HandleContainerExit(container.Id);
        container.SignalExit(exit.ExitCode);
        if (restart)
        {
            restarts.Schedule(container);
        }
        else if (autoRemove)
        {
            await AutoRemoveAsync(container, isClean).ConfigureAwait(false);
        }
    }

    /// <summary>Tells of an end that is written down.</summary>
    public void Tell(Container container)
    {
        var record = container.Record;
        var duration = record.FinishedAt - record.StartedAt ?? TimeSpan.Zero;
        if (record.OutOfMemory)
        {
            events.Publish(container, "oom");
        }

        events.Publish(
            container,
            "die",
            ("exitCode", record.ExitCode.ToString(CultureInfo.InvariantCulture)),
            ("execDuration", ((long)Math.Max(0, duration.TotalSeconds)).ToString(CultureInfo.InvariantCulture)));
        events.PublishVolumes(container, "unmount");
    }

    private async Task<bool> CleanUpAsync(Container container, bool isRemovedNext)
    {
        try
        {
            await (isRemovedNext ? starter.RemoveAsync(container) : starter.CleanUpAsync(container)).ConfigureAwait(false);
            return true;
        }
        catch (Exception failure) when (failure is EngineException or IOException)
        {
            // What is left goes at the next start or removal; the end counts all the same.
            LogCleanUpFailed(failure, container.Id);
            return false;
        }
    }

    private async Task AutoRemoveAsync(Container container, bool isClean)
    {
        try
        {
            await remover.RemoveEndedAsync(container, isClean).ConfigureAwait(false);
        }
        catch (EngineException failure)
        {
            LogAutoRemoveFailed(failure, container.Id);
        }
    }
}
