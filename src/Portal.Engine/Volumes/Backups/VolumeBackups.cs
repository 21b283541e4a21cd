using System.Text.Json;
using Portal.Engine.Errors;
using Portal.Engine.Volumes.Drivers;
using Portal.Engine.Volumes.State;

namespace Portal.Engine.Volumes.Backups;

/// <inheritdoc cref="IVolumeBackups"/>
internal sealed class VolumeBackups(
    LocalVolumes volumes, VolumeFolders folders, VolumeSizes sizes, ContainerHolds holds, IVolumeArchives archives, IVolumeFiles files,
    TimeProvider time) : IVolumeBackups
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _restoring = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _readers = new(StringComparer.Ordinal);

    public async Task<VolumeArchived> BackupAsync(
        string volume, VolumeUserHandling users, Stream output, IProgress<VolumeTransferProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        using var use = await Task.Run(() => volumes.Use(volume), cancellationToken).ConfigureAwait(false);
        using var reading = BeginReading(volume);
        var meter = new TransferMeter(progress, time, sizes.Find(volume)?.Bytes);
        meter.Begin(VolumeTransferPhase.Quiescing);
        var held = await holds.HoldAsync(volume, users, cancellationToken).ConfigureAwait(false);
        try
        {
            meter.Begin(VolumeTransferPhase.Copying, holds.NamesOf(held?.Record));
            var header = Header(await volumes.InspectAsync(volume, cancellationToken).ConfigureAwait(false));
            return await archives.WriteAsync(use.Folder, header, output, meter.Count, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await ReleaseAsync(held, meter).ConfigureAwait(false);
        }
    }

    public async Task<VolumeUnpacked> RestoreAsync(
        VolumeRestore request, Stream archive, IProgress<VolumeTransferProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Users == VolumeUserHandling.Pause)
        {
            throw EngineException.InvalidArgument(
                "Containers can't be paused for a restore: they would go on with the files that were replaced. Have them stopped.");
        }

        Begin(request.Volume);
        try
        {
            var meter = new TransferMeter(progress, time, null);
            return request.Create
                ? await RestoreNewAsync(request, archive, meter, cancellationToken).ConfigureAwait(false)
                : await RestoreExistingAsync(request, archive, meter, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (_lock)
            {
                _restoring.Remove(request.Volume);
            }
        }
    }

    private async Task<VolumeUnpacked> RestoreNewAsync(
        VolumeRestore request, Stream archive, TransferMeter meter, CancellationToken cancellationToken)
    {
        volumes.CheckNew(request.Volume);
        var aside = folders.BeginNew();
        try
        {
            var unpacked = await UnpackAsync(request, archive, folders.DataIn(aside), meter, cancellationToken).ConfigureAwait(false);
            meter.Begin(VolumeTransferPhase.Swapping);
            volumes.Adopt(request.Volume, aside, LabelsOf(unpacked.Header));
            return unpacked;
        }
        finally
        {
            files.Remove(aside);
        }
    }

    private async Task<VolumeUnpacked> RestoreExistingAsync(
        VolumeRestore request, Stream archive, TransferMeter meter, CancellationToken cancellationToken)
    {
        using var use = await Task.Run(() => volumes.Use(request.Volume), cancellationToken).ConfigureAwait(false);
        volumes.CheckReplaceable(request.Volume, request.Replace, mayBeStopped: request.Users == VolumeUserHandling.Stop);
        return volumes.IsMount(request.Volume)
            ? await RestoreMountedAsync(request, archive, meter, cancellationToken).ConfigureAwait(false)
            : await RestorePlainAsync(request, use.Folder, archive, meter, cancellationToken).ConfigureAwait(false);
    }

    private async Task<VolumeUnpacked> RestorePlainAsync(
        VolumeRestore request, string folder, Stream archive, TransferMeter meter, CancellationToken cancellationToken)
    {
        var aside = folders.MakeAside(request.Volume, "_restored");
        try
        {
            var unpacked = await UnpackAsync(request, archive, aside, meter, cancellationToken).ConfigureAwait(false);
            await SwapAsync(request, () => archives.Exchange(folder, aside), meter, cancellationToken).ConfigureAwait(false);
            return unpacked;
        }
        finally
        {
            // What was there before, or what did not get there.
            await Task.Run(() => files.Remove(aside), CancellationToken.None).ConfigureAwait(false);
        }
    }

    private async Task<VolumeUnpacked> RestoreMountedAsync(
        VolumeRestore request, Stream archive, TransferMeter meter, CancellationToken cancellationToken)
    {
        CheckUnread(request.Volume);
        try
        {
            using var aside = volumes.BeginPlacing(request.Volume);
            var unpacked = await UnpackAsync(request, archive, aside.Folder, meter, cancellationToken).ConfigureAwait(false);
            await SwapAsync(request, () => volumes.Place(request.Volume), meter, cancellationToken).ConfigureAwait(false);
            return unpacked;
        }
        finally
        {
            await Task.Run(() => volumes.Settle(request.Volume), CancellationToken.None).ConfigureAwait(false);
        }
    }

    private async Task SwapAsync(VolumeRestore request, Action swap, TransferMeter meter, CancellationToken cancellationToken)
    {
        meter.Begin(VolumeTransferPhase.Quiescing);
        var held = await holds.HoldAsync(request.Volume, request.Users, cancellationToken).ConfigureAwait(false);
        try
        {
            meter.Begin(VolumeTransferPhase.Swapping, holds.NamesOf(held?.Record));
            using var alone = volumes.UseAlone(request.Volume);
            volumes.CheckReplaceable(request.Volume, request.Replace, mayBeStopped: false);
            swap();
            sizes.Forget(request.Volume);
        }
        finally
        {
            await ReleaseAsync(held, meter).ConfigureAwait(false);
        }
    }

    private async Task<VolumeUnpacked> UnpackAsync(
        VolumeRestore request, Stream archive, string folder, TransferMeter meter, CancellationToken cancellationToken)
    {
        meter.Begin(VolumeTransferPhase.Copying);
        var unpacked = await archives.ReadAsync(archive, folder, meter.Count, cancellationToken).ConfigureAwait(false);
        return request.Digest.Length == 0 || request.Digest == unpacked.Digest
            ? unpacked
            : throw EngineException.InvalidArgument(
                $"The archive is refused: it is {unpacked.Digest}, not {request.Digest}. The volume is as it was.");
    }

    private async Task ReleaseAsync((string File, HoldRecord Record)? held, TransferMeter meter)
    {
        meter.Begin(VolumeTransferPhase.Resuming);
        if (held is { } found)
        {
            await holds.ReleaseAsync(found.File, found.Record).ConfigureAwait(false);
        }
    }

    private void Begin(string volume)
    {
        lock (_lock)
        {
            if (!_restoring.Add(volume))
            {
                throw EngineException.Conflict($"volume {volume} is being restored already; wait until that has ended.");
            }
        }
    }

    /// <summary>A backup of what is mounted would hold the files that a restore is still bringing.</summary>
    private VolumeHold BeginReading(string volume)
    {
        lock (_lock)
        {
            if (_restoring.Contains(volume) && volumes.IsMount(volume))
            {
                throw EngineException.Conflict($"volume {volume} is being restored; wait until that has ended.");
            }

            _readers[volume] = _readers.GetValueOrDefault(volume) + 1;
        }

        return new VolumeHold(() =>
        {
            lock (_lock)
            {
                if (--_readers[volume] == 0)
                {
                    _readers.Remove(volume);
                }
            }
        });
    }

    private void CheckUnread(string volume)
    {
        lock (_lock)
        {
            if (_readers.ContainsKey(volume))
            {
                throw EngineException.Conflict($"volume {volume} is being backed up; wait until that has ended.");
            }
        }
    }

    private static byte[] Header(VolumeInfo volume)
    {
        var header = new ArchiveHeader
        {
            Name = volume.Name,
            Labels = new SortedDictionary<string, string>(volume.Labels.ToDictionary(), StringComparer.Ordinal),
            Options = new SortedDictionary<string, string>(volume.Options.ToDictionary(), StringComparer.Ordinal),
        };
        return JsonSerializer.SerializeToUtf8Bytes(header, VolumeJsonContext.Default.ArchiveHeader);
    }

    private static Dictionary<string, string> LabelsOf(byte[] header)
    {
        try
        {
            var read = JsonSerializer.Deserialize(header, VolumeJsonContext.Default.ArchiveHeader);
            if (read is not { Version: ArchiveHeader.CurrentVersion, Labels: { } labels })
            {
                throw EngineException.InvalidArgument(
                    "The archive is refused: a newer version of Portal wrote it, or its volume.json is malformed.");
            }

            // It has a name now.
            return labels.Where(label => label.Key != VolumeInfo.AnonymousLabel && label.Value is not null).ToDictionary();
        }
        catch (JsonException failure)
        {
            throw new EngineException(EngineErrorKind.InvalidArgument, "The archive is refused: its volume.json is malformed.", failure);
        }
    }
}
