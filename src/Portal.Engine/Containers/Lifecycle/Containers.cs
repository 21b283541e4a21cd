using Portal.Engine.Containers.Creation;
using Portal.Engine.Containers.Restarts;
using Portal.Engine.Containers.Serving;
using Portal.Engine.Containers.States;
using Portal.Engine.Errors;
using Portal.Engine.Networks;
using Portal.Engine.Runtime;

namespace Portal.Engine.Containers.Lifecycle;

/// <summary>The front of all that containers can do.</summary>
internal sealed class Containers(
    ContainerRegistry registry,
    ContainerCreator creator,
    ContainerStarter starter,
    ContainerStopper stopper,
    ContainerRemover remover,
    ContainerEvents events,
    ContainerServing serving,
    IContainerRuntime runtime,
    INetworks networks,
    IHostProcesses processes) : IContainers
{
    public Task<ContainerCreated> CreateAsync(ContainerSpec spec, CancellationToken cancellationToken = default)
    {
        // Mostly it is started next.
        runtime.Anticipate();
        return creator.CreateAsync(spec, cancellationToken);
    }

    public Task<IReadOnlyList<ContainerInfo>> ListAsync(bool all = true, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<ContainerInfo> list = registry.All
            .Select(container => container.Info)
            .Where(info => all || info.State is ContainerState.Running or ContainerState.Paused or ContainerState.Restarting)
            .OrderByDescending(info => info.Created)
            .ToArray();
        return Task.FromResult(list);
    }

    public Task<ContainerInfo> InspectAsync(string container, CancellationToken cancellationToken = default)
    {
        return Task.FromResult(registry.Get(container).Info);
    }

    public async Task<bool> StartAsync(string container, CancellationToken cancellationToken = default)
    {
        var found = registry.Get(container);
        using (await found.LockAsync(cancellationToken).ConfigureAwait(false))
        {
            if (found.Record.State == ContainerState.Running)
            {
                return false;
            }

            RestartScheduler.CallOff(found);
            await StartLockedAsync(found, cancellationToken).ConfigureAwait(false);
            return true;
        }
    }

    public Task<bool> StopAsync(
        string container,
        TimeSpan? grace = null,
        string? signal = null,
        CancellationToken cancellationToken = default)
    {
        return stopper.StopAsync(registry.Get(container), grace, signal, cancellationToken);
    }

    public async Task RestartAsync(
        string container,
        TimeSpan? grace = null,
        string? signal = null,
        CancellationToken cancellationToken = default)
    {
        var found = registry.Get(container);
        found.IsRestarting = true;
        try
        {
            // Not to be cancelled once it is asked to end: nobody wants half of a restart.
            cancellationToken.ThrowIfCancellationRequested();
            await stopper.StopAsync(found, grace, signal, CancellationToken.None, startAgain: true).ConfigureAwait(false);
            await StartAsync(found.Id, CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            found.IsRestarting = false;
        }

        events.Publish(found, "restart");
    }

    public Task KillAsync(string container, string? signal = null, CancellationToken cancellationToken = default)
    {
        return stopper.SignalAsync(registry.Get(container), signal, cancellationToken);
    }

    public async Task PauseAsync(string container, CancellationToken cancellationToken = default)
    {
        var found = registry.Get(container);
        using (await found.LockAsync(cancellationToken).ConfigureAwait(false))
        {
            var to = ContainerSteps.Take(found.Id, found.Record.State, ContainerStep.Pause);
            await runtime.PauseAsync(found.Id, cancellationToken).ConfigureAwait(false);
            found.Change(found.Record with { State = to });
            serving.Look(found);
            events.Publish(found, "pause");
        }
    }

    public async Task UnpauseAsync(string container, CancellationToken cancellationToken = default)
    {
        var found = registry.Get(container);
        using (await found.LockAsync(cancellationToken).ConfigureAwait(false))
        {
            var to = ContainerSteps.Take(found.Id, found.Record.State, ContainerStep.Unpause);
            await runtime.ResumeAsync(found.Id, cancellationToken).ConfigureAwait(false);
            found.Change(found.Record with { State = to });
            serving.Look(found);
            events.Publish(found, "unpause");
        }
    }

    public async Task RenameAsync(string container, string newName, CancellationToken cancellationToken = default)
    {
        var found = registry.Get(container);
        var name = newName.StartsWith('/') ? newName[1..] : newName;
        if (SpecValidator.Name(name).FirstOrDefault() is { } problem)
        {
            throw EngineException.InvalidArgument($"Error when allocating new name: {problem}");
        }

        using (await found.LockAsync(cancellationToken).ConfigureAwait(false))
        {
            var old = found.Record.Name;
            if (old == name)
            {
                throw EngineException.InvalidArgument("Renaming a container with the same name as its current name");
            }

            registry.Rename(found, name, () => found.Change(found.Record with { Name = name }, durable: true));
            await networks.RenameAsync(found.Id, name, CancellationToken.None).ConfigureAwait(false);
            events.Publish(found, "rename", ("oldName", "/" + old));
        }
    }

    public async Task RemoveAsync(
        string container,
        bool force = false,
        bool removeVolumes = false,
        CancellationToken cancellationToken = default)
    {
        var found = registry.Get(container);
        if (found.Record.State == ContainerState.Removing)
        {
            throw EngineException.Conflict($"removal of container {container} is already in progress");
        }

        if (force)
        {
            await stopper.KillAsync(found, cancellationToken).ConfigureAwait(false);
            if (found.Spec.AutoRemove)
            {
                // Its end removes it. Should that fail, the container stays as dead, and the next call tries again.
                await AwaitAutoRemovalAsync(found, cancellationToken).ConfigureAwait(false);
            }

            if (found.Removed.IsCompleted)
            {
                return;
            }
        }

        using (await found.LockAsync(cancellationToken).ConfigureAwait(false))
        {
            await remover.RemoveLockedAsync(found, removeVolumes).ConfigureAwait(false);
        }
    }

    public async Task<int> WaitAsync(
        string container,
        WaitCondition condition = WaitCondition.NotRunning,
        CancellationToken cancellationToken = default)
    {
        var found = registry.Get(container);

        // Taken before the state is looked at, so that an end between the two is not missed.
        var next = condition == WaitCondition.Removed ? found.Removed : found.NextExit;
        var info = found.Info;
        var runs = info.State is ContainerState.Running or ContainerState.Paused or ContainerState.Restarting;
        return condition == WaitCondition.NotRunning && !runs
            ? info.ExitCode
            : await next.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public async Task<IProcessStreams> AttachAsync(string container, CancellationToken cancellationToken = default)
    {
        var found = registry.Get(container);
        using (await found.LockAsync(cancellationToken).ConfigureAwait(false))
        {
            var streams = found.Record.State switch
            {
                ContainerState.Running => await runtime.AttachAsync(found.Id, cancellationToken).ConfigureAwait(false),
                ContainerState.Created or ContainerState.Exited => found.Attachments.Add(found.Spec.Tty),
                ContainerState.Paused => throw EngineException.Conflict(
                    $"container {container} is paused, unpause the container before attach"),
                ContainerState.Restarting => throw EngineException.Conflict(
                    $"container {container} is restarting, wait until the container is running"),
                _ => throw EngineException.Conflict($"container {container} is being removed"),
            };
            events.Publish(found, "attach");
            return streams;
        }
    }

    public async Task ResizeAsync(string container, TerminalSize size, CancellationToken cancellationToken = default)
    {
        var found = Running(container);
        await runtime.ResizeAsync(found.Id, size, cancellationToken).ConfigureAwait(false);
        events.Publish(found, "resize", ("height", $"{size.Rows}"), ("width", $"{size.Columns}"));
    }

    public async Task<IReadOnlyList<ContainerProcess>> ListProcessesAsync(
        string container,
        CancellationToken cancellationToken = default)
    {
        var found = Running(container);
        var ids = await runtime.ListProcessesAsync(found.Id, cancellationToken).ConfigureAwait(false);
        events.Publish(found, "top");
        return ids.Select(processes.Read).OfType<ContainerProcess>().ToArray();
    }

    private async Task StartLockedAsync(Container container, CancellationToken cancellationToken)
    {
        try
        {
            // What waited for its policy has been called off: should the start fail, it has simply ended.
            var state = container.Record.State == ContainerState.Restarting
                ? ContainerSteps.Take(container.Id, container.Record.State, ContainerStep.End)
                : container.Record.State;
            var intent = container.Record with
            {
                State = state,
                RestartCount = 0,
                ShortRuns = 0,
                StoppedByPerson = false,
                StartAgain = false,
            };
            await starter.StartAsync(container, intent, cancellationToken).ConfigureAwait(false);
        }
        catch when (container.Spec.AutoRemove && container.Record.State is ContainerState.Created or ContainerState.Exited)
        {
            await remover.RemoveLockedAsync(container, removeVolumes: true).ConfigureAwait(false);
            throw;
        }
    }

    private static async Task AwaitAutoRemovalAsync(Container container, CancellationToken cancellationToken)
    {
        // Held for as long as its end is being handled, removal included.
        (await container.Lock.AcquireAsync(cancellationToken).ConfigureAwait(false)).Dispose();
    }

    private Container Running(string reference)
    {
        var found = registry.Get(reference);
        return found.IsRunning
            ? found
            : throw EngineException.Conflict($"container {found.Id} is not running");
    }
}
