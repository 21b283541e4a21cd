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
    ContainerEvents events,
    ILogger<ContainerExits> logger)
{
    private readonly ILogger<ContainerExits> _logger = logger;

    /// <summary>Handles the end of a main process. Idempotent: one that is known already, or of an earlier run, changes nothing.</summary>
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
        if (ended.StoppedByPerson)
        {
            // Who stops or removes a container on a full disk wants room, and must not be made to wait for it.
            container.ChangeEvenIfFull(ended, network: null);
        }
        else
        {
            container.Change(ended, network: null);
        }

        await CleanUpAsync(container).ConfigureAwait(false);
        Tell(container, exit, duration);
        container.SignalExit(exit.ExitCode);
        if (restart)
        {
            restarts.Schedule(container);
        }
        else if (container.Spec.AutoRemove && !container.IsRestarting && !ended.StartAgain)
        {
            await AutoRemoveAsync(container).ConfigureAwait(false);
        }
    }

    private void Tell(Container container, ProcessExit exit, TimeSpan duration)
    {
        if (exit.OutOfMemory)
        {
            events.Publish(container, "oom");
        }

        events.Publish(
            container,
            "die",
            ("exitCode", exit.ExitCode.ToString(CultureInfo.InvariantCulture)),
            ("execDuration", ((long)Math.Max(0, duration.TotalSeconds)).ToString(CultureInfo.InvariantCulture)));
        events.PublishVolumes(container, "unmount");
    }

    private async Task CleanUpAsync(Container container)
    {
        try
        {
            await starter.CleanUpAsync(container).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is EngineException or IOException)
        {
            // What is left goes at the next start or removal; the end counts all the same.
            LogCleanUpFailed(failure, container.Id);
        }
    }

    private async Task AutoRemoveAsync(Container container)
    {
        try
        {
            await remover.RemoveLockedAsync(container, removeVolumes: true).ConfigureAwait(false);
        }
        catch (EngineException failure)
        {
            LogAutoRemoveFailed(failure, container.Id);
        }
    }
}
