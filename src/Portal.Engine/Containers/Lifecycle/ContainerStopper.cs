using System.Globalization;
using Portal.Engine.Containers.Restarts;
using Portal.Engine.Containers.Serving;
using Portal.Engine.Containers.States;
using Portal.Engine.Errors;
using Portal.Engine.Runtime;

namespace Portal.Engine.Containers.Lifecycle;

/// <summary>Ends containers on a person's wish.</summary>
internal sealed class ContainerStopper(IContainerRuntime runtime, ContainerEvents events, ContainerServing serving, TimeProvider time)
{
    private const int DefaultGraceSeconds = 10;

    // After SIGKILL only a process that the kernel holds in uninterruptible sleep is still there.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    /// <summary>Asks it to end, and kills it when the grace period is over.</summary>
    /// <param name="container">The container.</param>
    /// <param name="grace">Null for its own.</param>
    /// <param name="signal">Null for its own.</param>
    /// <param name="cancellationToken">Ends the waiting; what was asked for stays.</param>
    /// <param name="startAgain">True when the caller starts it again: whichever engine sees its end finishes that.</param>
    /// <param name="tells">False for a stop of which only the kill and the end are told.</param>
    /// <returns>False when it did not run.</returns>
    public async Task<bool> StopAsync(
        Container container,
        TimeSpan? grace,
        string? signal,
        CancellationToken cancellationToken,
        bool startAgain = false,
        bool tells = true)
    {
        var number = signal is null ? StopSignal(container) : SignalTable.Parse(signal);
        Task<int> exit;
        if (number != SignalTable.Kill && container.Record.State == ContainerState.Running)
        {
            // Its health is looked at meanwhile, so without the lock. Who kills wants no delay.
            await serving.LeaveAsync(container, cancellationToken).ConfigureAwait(false);
        }

        using (await container.LockAsync(cancellationToken).ConfigureAwait(false))
        {
            if (container.Record.State == ContainerState.Restarting)
            {
                Settle(container, startAgain);
                Tell(container, tells);
                return true;
            }

            if (!container.IsRunning)
            {
                return false;
            }

            exit = container.NextExit;
            await SignalAsync(container, number, startAgain).ConfigureAwait(false);
        }

        var wait = grace ?? TimeSpan.FromSeconds(container.Spec.StopTimeout ?? DefaultGraceSeconds);
        if (!await EndsWithinAsync(exit, wait, cancellationToken).ConfigureAwait(false))
        {
            await KillAsync(container, exit, startAgain, cancellationToken).ConfigureAwait(false);
        }

        Tell(container, tells);
        return true;
    }

    /// <summary>Sends a signal, and takes one that ends containers for a stop; SIGKILL is waited for.</summary>
    /// <exception cref="EngineException">Conflict: it does not run.</exception>
    public async Task SignalAsync(Container container, string? signal, CancellationToken cancellationToken)
    {
        var number = signal is null ? SignalTable.Kill : SignalTable.Parse(signal);
        Task<int> exit;
        using (await container.LockAsync(cancellationToken).ConfigureAwait(false))
        {
            if (container.Record.State == ContainerState.Restarting && IsStop(container, number))
            {
                Settle(container, startAgain: false);
                return;
            }

            if (!container.IsRunning)
            {
                throw EngineException.Conflict(
                    $"cannot kill container: {container.Record.Name}: container {container.Id} is not running");
            }

            exit = container.NextExit;
            await SignalAsync(container, number, startAgain: false).ConfigureAwait(false);
        }

        // As Docker does it: whoever killed it may remove it in the next moment. What the kernel holds ends later.
        if (number == SignalTable.Kill)
        {
            await EndsWithinAsync(exit, s_patience, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Kills it at once, as a removal does, and waits for its end. Does nothing when it does not run.</summary>
    public Task<bool> KillAsync(Container container, CancellationToken cancellationToken)
    {
        return StopAsync(container, Timeout.InfiniteTimeSpan, "KILL", cancellationToken, tells: false);
    }

    private void Tell(Container container, bool tells)
    {
        if (tells)
        {
            events.Publish(container, "stop");
        }
    }

    private async Task KillAsync(Container container, Task<int> exit, bool startAgain, CancellationToken cancellationToken)
    {
        using (await container.LockAsync(cancellationToken).ConfigureAwait(false))
        {
            // It may have ended, and even run again, while the lock was another's.
            if (!exit.IsCompleted && container.IsRunning)
            {
                await SignalAsync(container, SignalTable.Kill, startAgain).ConfigureAwait(false);
            }
        }

        if (!await EndsWithinAsync(exit, s_patience, cancellationToken).ConfigureAwait(false))
        {
            throw new EngineException(
                EngineErrorKind.Unavailable,
                $"Container {container.Id} was killed but its process does not end; the kernel holds it, mostly for a "
                + "disk or network file system that does not answer. It will be gone when that does.");
        }
    }

    private async Task SignalAsync(Container container, int number, bool startAgain)
    {
        var wish = container.Record with { StoppedByPerson = true, StartAgain = startAgain };
        if (IsStop(container, number) && wish != container.Record)
        {
            container.ChangeEvenIfFull(wish, container.Network, durable: true);
        }

        await runtime.KillAsync(container.Id, number).ConfigureAwait(false);
        events.Publish(container, "kill", ("signal", number.ToString(CultureInfo.InvariantCulture)));
        if (container.Record.State == ContainerState.Paused && IsStop(container, number))
        {
            // A frozen process takes no signal before it is thawed.
            await runtime.ResumeAsync(container.Id).ConfigureAwait(false);
            container.ChangeEvenIfFull(container.Record with { State = ContainerState.Running }, container.Network);
        }
    }

    private static void Settle(Container container, bool startAgain)
    {
        RestartScheduler.CallOff(container);
        var to = ContainerSteps.Take(container.Id, container.Record.State, ContainerStep.End);
        var settled = container.Record with { State = to, StoppedByPerson = true, StartAgain = startAgain };
        container.ChangeEvenIfFull(settled, container.Network, durable: true);
        container.SignalExit(container.Record.ExitCode);
    }

    private static bool IsStop(Container container, int number)
    {
        return number == SignalTable.Kill || number == StopSignal(container);
    }

    private static int StopSignal(Container container)
    {
        return string.IsNullOrEmpty(container.Spec.StopSignal)
            ? SignalTable.Term
            : SignalTable.Parse(container.Spec.StopSignal);
    }

    private async Task<bool> EndsWithinAsync(Task exit, TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            var timeout = limit < TimeSpan.Zero ? Timeout.InfiniteTimeSpan : limit;
            await exit.WaitAsync(timeout, time, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
