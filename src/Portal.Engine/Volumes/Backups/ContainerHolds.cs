using System.Text.Json;
using Microsoft.Extensions.Logging;
using Portal.Engine.Containers;
using Portal.Engine.Containers.Lifecycle;
using Portal.Engine.Errors;
using Portal.Engine.Storage;
using Portal.Engine.Volumes.State;

namespace Portal.Engine.Volumes.Backups;

/// <summary>
/// Pauses or stops containers for a while. Which is written down before it is done, so that an engine that is killed meanwhile brings them
/// back when it starts anew.
/// </summary>
internal sealed partial class ContainerHolds(
    VolumeFolders folders, IDurableFiles durable, ContainerRegistry registry, IContainers containers, ILogger<ContainerHolds> logger)
{
    private readonly ILogger<ContainerHolds> _logger = logger;

    /// <summary>Holds the containers that run with a volume.</summary>
    /// <returns>What to give to <see cref="ReleaseAsync"/>, or null when there is nothing to bring back.</returns>
    /// <exception cref="EngineException">Conflict: one can't be held so that it comes back as it was.</exception>
    public async Task<(string File, HoldRecord Record)?> HoldAsync(
        string volume, VolumeUserHandling handling, CancellationToken cancellationToken)
    {
        if (handling == VolumeUserHandling.Leave)
        {
            return null;
        }

        var active = registry.FindActiveVolumeUsers(volume).Select(registry.Find).OfType<Container>().ToList();
        var wanted = active
            .Where(container => handling == VolumeUserHandling.Stop || container.Record.State == ContainerState.Running)
            .ToList();
        wanted.ForEach(container => Check(container, handling));
        if (wanted.Count == 0)
        {
            return null;
        }

        var record = new HoldRecord { Handling = handling, Containers = [.. wanted.Select(container => container.Id)] };
        var file = folders.NewHold();
        durable.WriteAtomically(file, JsonSerializer.SerializeToUtf8Bytes(record, VolumeJsonContext.Default.HoldRecord));
        try
        {
            await Task.WhenAll(record.Containers.Select(id => HoldOneAsync(id, handling, cancellationToken))).ConfigureAwait(false);
            return (file, record);
        }
        catch
        {
            await ReleaseAsync(file, record).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Brings all back. Idempotent.</summary>
    /// <exception cref="EngineException">One does not start any more; the others do.</exception>
    public async Task ReleaseAsync(string file, HoldRecord record)
    {
        EngineException? first = null;
        foreach (var id in record.Containers)
        {
            try
            {
                await ReleaseOneAsync(id, record.Handling).ConfigureAwait(false);
            }
            catch (EngineException failure)
            {
                LogReleaseFailed(failure, id);
                first ??= failure;
            }
        }

        File.Delete(file);
        if (first is not null)
        {
            var done = record.Handling == VolumeUserHandling.Stop ? "stopped" : "paused";
            throw new EngineException(first.Kind, $"A container that was {done} for it did not come back: {first.Message}", first);
        }
    }

    /// <summary>Brings back what an engine before this one held when it was killed.</summary>
    public async Task ReconcileAsync()
    {
        foreach (var file in folders.Holds())
        {
            try
            {
                var bytes = await File.ReadAllBytesAsync(file).ConfigureAwait(false);
                if (JsonSerializer.Deserialize(bytes, VolumeJsonContext.Default.HoldRecord) is { } record)
                {
                    await ReleaseAsync(file, record).ConfigureAwait(false);
                }
            }
            catch (JsonException failure)
            {
                // Written atomically, so this is no crash of ours: it must not keep the engine from starting.
                LogReleaseFailed(failure, file);
                File.Delete(file);
            }
            catch (EngineException failure)
            {
                LogReleaseFailed(failure, file);
            }
        }
    }

    public IReadOnlyList<string> NamesOf(HoldRecord? record) =>
        [.. (record?.Containers ?? []).Select(registry.Find).OfType<Container>().Select(container => container.Record.Name)];

    private static void Check(Container container, VolumeUserHandling handling)
    {
        if (handling == VolumeUserHandling.Stop && container.Spec.AutoRemove)
        {
            throw EngineException.Conflict(
                $"Container {container.Record.Name} is removed when it stops (--rm), so it can't be stopped for this. Remove it first.");
        }

        if (handling == VolumeUserHandling.Stop && container.Record.State == ContainerState.Paused)
        {
            throw EngineException.Conflict(
                $"Container {container.Record.Name} is paused, so it can't be stopped for this and come back as it was. Unpause it first.");
        }
    }

    private async Task HoldOneAsync(string id, VolumeUserHandling handling, CancellationToken cancellationToken)
    {
        try
        {
            await (handling == VolumeUserHandling.Pause
                ? containers.PauseAsync(id, cancellationToken)
                : containers.StopAsync(id, cancellationToken: cancellationToken)).ConfigureAwait(false);
        }
        catch (EngineException failure) when (failure.Kind is EngineErrorKind.NotFound or EngineErrorKind.Conflict && !IsRunning(id))
        {
            // It ended by itself meanwhile.
        }
    }

    private async Task ReleaseOneAsync(string id, VolumeUserHandling handling)
    {
        if (registry.Find(id) is not { } container)
        {
            return;
        }

        if (handling == VolumeUserHandling.Pause)
        {
            if (container.Record.State == ContainerState.Paused)
            {
                await containers.UnpauseAsync(id).ConfigureAwait(false);
            }
        }
        else if (!container.IsRunning)
        {
            await containers.StartAsync(id).ConfigureAwait(false);
        }
    }

    private bool IsRunning(string id) => registry.Find(id) is { Record.State: ContainerState.Running };
}
