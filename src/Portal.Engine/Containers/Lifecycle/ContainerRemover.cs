using Portal.Engine.Containers.States;
using Portal.Engine.Containers.Store;
using Portal.Engine.Errors;
using Portal.Engine.Volumes;

namespace Portal.Engine.Containers.Lifecycle;

/// <summary>Removes containers. Each part can be removed twice, so a removal that broke off is simply done again.</summary>
internal sealed class ContainerRemover(
    ContainerRegistry registry,
    ContainerStore store,
    ContainerStarter starter,
    ContainerEvents events,
    LocalVolumes volumes)
{
    /// <summary>Removes it. The caller holds its lock.</summary>
    /// <exception cref="EngineException">
    /// Conflict: its state forbids it. Internal: it failed half-way; the container is dead then.
    /// </exception>
    public async Task RemoveLockedAsync(Container container, bool removeVolumes)
    {
        container.ChangeEvenIfFull(container.Record with { State = Take(container), RemoveVolumes = removeVolumes }, container.Network);
        await RemoveAsync(container, removeVolumes, isClean: false).ConfigureAwait(false);
    }

    /// <summary>
    /// Removes one that goes with its end, which is written down: the next engine goes on from there (FinishRemovalsAsync), so no further
    /// step is. The caller holds its lock.
    /// </summary>
    /// <param name="container">Which.</param>
    /// <param name="isClean">True when nothing of it is in the kernel any more, and its root is gone.</param>
    /// <exception cref="EngineException">Internal: it failed half-way; the container is dead then.</exception>
    public async Task RemoveEndedAsync(Container container, bool isClean)
    {
        container.ShowOnly(container.Record with { State = Take(container), RemoveVolumes = true });
        await RemoveAsync(container, removeVolumes: true, isClean).ConfigureAwait(false);
    }

    private async Task RemoveAsync(Container container, bool removeVolumes, bool isClean)
    {
        try
        {
            if (!isClean)
            {
                await starter.RemoveAsync(container).ConfigureAwait(false);
            }

            if (removeVolumes)
            {
                volumes.RemoveAnonymous(container.Id, container.Config.AnonymousVolumes);
            }

            store.Remove(container.Folder);
        }
        catch (Exception failure)
        {
            Bury(container, failure);
            throw new EngineException(
                EngineErrorKind.Internal,
                $"Removing container {container.Id} failed half-way: {failure.Message} Remove it again once the cause is mended.",
                failure);
        }

        registry.Remove(container);
        events.Publish(container, "destroy");
        container.Attachments.Abandon();
        container.SignalRemoved();
    }

    private static ContainerState Take(Container container)
    {
        try
        {
            return ContainerSteps.Take(container.Id, container.Record.State, ContainerStep.Remove);
        }
        catch (EngineException refusal)
        {
            throw EngineException.Conflict($"cannot remove container \"/{container.Record.Name}\": {refusal.Message}");
        }
    }

    private static void Bury(Container container, Exception failure)
    {
        // Without its folder there is nothing to write to, and the next engine sees no container there.
        if (Directory.Exists(container.Folder.Path))
        {
            var to = ContainerSteps.Take(container.Id, container.Record.State, ContainerStep.Bury);
            container.Change(container.Record with { State = to, Error = failure.Message });
        }
    }
}
