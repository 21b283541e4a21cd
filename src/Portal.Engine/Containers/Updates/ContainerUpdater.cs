using Portal.Engine.Containers.Creation;
using Portal.Engine.Containers.Lifecycle;
using Portal.Engine.Errors;
using Portal.Engine.Runtime;
using Portal.Engine.Runtime.Checks;

namespace Portal.Engine.Containers.Updates;

/// <summary>Changes what may be changed of a container.</summary>
internal sealed class ContainerUpdater(
    ContainerRegistry registry, IContainerRuntime runtime, IContainerChecks checks, ContainerEvents events) : IContainerUpdates
{
    public async Task<IReadOnlyList<string>> UpdateAsync(
        string container, ContainerUpdate update, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(update);
        var found = registry.Get(container);
        var known = checks.ExamineLimits(update.Resources);
        using (await found.LockAsync(cancellationToken).ConfigureAwait(false))
        {
            var before = found.Spec;
            var after = Complete(found, update with { Resources = known.Limits });
            var problems = known.Problems.Concat(SpecValidator.Limits(after)).Distinct().ToArray();
            if (problems.Length > 0)
            {
                throw EngineException.InvalidArgument(string.Join("; ", problems));
            }

            if (found.IsRunning && after.Resources != before.Resources)
            {
                await ApplyAsync(found, before.Resources, after.Resources).ConfigureAwait(false);
            }

            // Written after the kernel: killed in between, the container runs with the new limits until its next start.
            found.Change(
                found.Record with { Resources = after.Resources, RestartPolicy = after.RestartPolicy }, durable: true);
            events.Publish(found, "update");
            return known.Warnings;
        }
    }

    private static ContainerSpec Complete(Container container, ContainerUpdate update)
    {
        try
        {
            return container.Record.State is ContainerState.Removing or ContainerState.Dead
                ? throw EngineException.Conflict("container is marked for removal and cannot be \"update\"")
                : UpdateMerge.Apply(container.Spec, update);
        }
        catch (EngineException refusal)
        {
            throw EngineException.Conflict($"Cannot update container {container.Id}: {refusal.Message}");
        }
    }

    private async Task ApplyAsync(Container container, RuntimeResources before, RuntimeResources after)
    {
        try
        {
            await runtime.UpdateAsync(container.Id, after).ConfigureAwait(false);
        }
        catch (EngineException failure)
        {
            // The runtime may have set some files before one was refused.
            await TryRestoreAsync(container, before).ConfigureAwait(false);
            throw new EngineException(failure.Kind, $"Cannot update container {container.Id}: {failure.Message}", failure);
        }
    }

    private async Task TryRestoreAsync(Container container, RuntimeResources before)
    {
        try
        {
            await runtime.UpdateAsync(container.Id, before).ConfigureAwait(false);
        }
        catch (EngineException)
        {
            // The first failure is what the caller must hear of; the next start sets all limits anew.
        }
    }
}
