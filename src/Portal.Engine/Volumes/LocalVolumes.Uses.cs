using Portal.Engine.Containers;
using Portal.Engine.Errors;
using Portal.Engine.Volumes.Mounts;

namespace Portal.Engine.Volumes;

/// <summary>When volumes with options are mounted: from the first container or other use to the last.</summary>
/// <remarks>
/// Nothing of this is written down. Who uses a volume is known from the containers' own records, and what is mounted from the kernel, so
/// the next engine needs only compare the two.
/// </remarks>
internal sealed partial class LocalVolumes
{
    private const string VolumeType = "volume";
    private readonly Lock _mountLocks = new();
    private readonly Dictionary<string, Lock> _mountLock = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _uses = new(StringComparer.Ordinal);
    private readonly HashSet<string> _exclusive = new(StringComparer.Ordinal);

    private string StagingRoot => Path.Combine(options.RunRoot, "volumes");

    /// <summary>Keeps a volume from being removed or replaced, and has it mounted, until the result is disposed.</summary>
    /// <exception cref="EngineException">NotFound. Conflict: it is being replaced. Those of mounting it.</exception>
    public VolumeUse Use(string name)
    {
        lock (_lock)
        {
            CheckExists(name);
            CheckNotReplaced(name);
            _uses[name] = _uses.GetValueOrDefault(name) + 1;
        }

        try
        {
            MountOnce(name);
            return new VolumeUse(folders.DataOf(name), new VolumeHold(() => EndUse(name)));
        }
        catch
        {
            EndUse(name);
            throw;
        }
    }

    /// <summary>
    /// Keeps everybody else off a volume that the caller uses until the result is disposed: no container with it is made or started.
    /// </summary>
    /// <exception cref="EngineException">NotFound. Conflict: a container runs with it, or it is read or written otherwise.</exception>
    public VolumeUse UseAlone(string name)
    {
        lock (_lock)
        {
            CheckExists(name);
            CheckNotReplaced(name);
            if (users.FindActiveVolumeUsers(name) is { Count: > 0 } active)
            {
                throw EngineException.Conflict(
                    $"volume {name} can't be replaced while containers run with it - [{string.Join(", ", active)}]. Stop them first.");
            }

            // The caller's own use is one.
            if (_uses.GetValueOrDefault(name) > 1 || _holds.ContainsKey(name))
            {
                throw EngineException.Conflict($"volume {name} is being read or written just now; try again when that has ended.");
            }

            _exclusive.Add(name);
        }

        return new VolumeUse(folders.DataOf(name), new VolumeHold(() =>
        {
            lock (_lock)
            {
                _exclusive.Remove(name);
            }
        }));
    }

    /// <summary>
    /// Has the volumes of a container that starts in place, and gives its mounts with sources that lead to them. The container's record
    /// tells already that it starts.
    /// </summary>
    public Task<IReadOnlyList<ContainerMount>> MountAsync(
        string containerId, IReadOnlyList<ContainerMount> mounts, CancellationToken cancellationToken)
    {
        Ensure(mounts);
        return mounts.Any(NeedsPlace)
            ? Task.Run(() => MountAll(containerId, mounts), cancellationToken)
            : Task.FromResult(mounts);
    }

    /// <summary>Undoes <see cref="MountAsync"/>, so far as no other container needs it. Idempotent.</summary>
    public Task UnmountAsync(string containerId, IReadOnlyList<ContainerMount> mounts)
    {
        return mounts.Any(mount => mount.Type == VolumeType)
            ? Task.Run(() =>
            {
                Unstage(Path.Combine(StagingRoot, containerId));
                NamesOf(mounts).ForEach(name => UnmountUnused(name, containerId));
                NamesOf(mounts).ForEach(sizes.Touch);
            })
            : Task.CompletedTask;
    }

    /// <summary>
    /// Has a container's volumes in place for one who looks into its files, whether it runs or not, until the hold is disposed.
    /// </summary>
    public (IReadOnlyList<ContainerMount> Mounts, VolumeHold Hold) Place(IReadOnlyList<ContainerMount> mounts)
    {
        var id = $"view-{Guid.NewGuid():N}";
        var uses = new List<VolumeUse>();
        var hold = new VolumeHold(() =>
        {
            Unstage(Path.Combine(StagingRoot, id));
            uses.ForEach(use => use.Dispose());
        });
        try
        {
            var special = mounts.Where(NeedsPlace);
            foreach (var name in special.Select(mount => mount.Name).Distinct())
            {
                uses.Add(Use(name));
            }

            return (uses.Count == 0 ? mounts : MountAll(id, mounts), hold);
        }
        catch
        {
            hold.Dispose();
            throw;
        }
    }

    /// <summary>Takes away mounts that an engine left which did not end well.</summary>
    public void CollectMounts()
    {
        if (Directory.Exists(StagingRoot))
        {
            var stale = new DirectoryInfo(StagingRoot).EnumerateDirectories().Where(folder => !users.IsActive(folder.Name)).ToList();
            stale.ForEach(folder => Unstage(folder.FullName));
        }

        foreach (var name in folders.Names().ToList())
        {
            UnmountUnused(name, null);
        }
    }

    private bool NeedsPlace(ContainerMount mount) =>
        mount.Type == VolumeType && (mount.Subpath.Length > 0 || OptionsOf(mount.Name) is not null);

    private IReadOnlyList<ContainerMount> MountAll(string containerId, IReadOnlyList<ContainerMount> mounts)
    {
        var placed = new List<ContainerMount>();
        foreach (var mount in mounts)
        {
            if (mount.Type != VolumeType)
            {
                placed.Add(mount);
                continue;
            }

            MountOnce(mount.Name);
            placed.Add(mount.Subpath.Length == 0 ? mount : mount with { Source = Stage(containerId, placed.Count, mount) });
        }

        return placed;
    }

    /// <summary>A mount of its own for a part of a volume: the runtime gets a path that nobody in a container can lead elsewhere.</summary>
    private string Stage(string containerId, int number, ContainerMount mount)
    {
        var target = Path.Combine(StagingRoot, containerId, $"{number}");
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        mounter.Unmount(target);
        mounter.MountSubpath(folders.DataOf(mount.Name), mount.Subpath, target);
        return target;
    }

    private void Unstage(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        foreach (var place in Directory.EnumerateFileSystemEntries(folder).ToList())
        {
            mounter.Unmount(place);
        }

        // Only what is empty goes: should a mount still be there, this fails, and nothing of the volume is lost.
        foreach (var place in new DirectoryInfo(folder).EnumerateFileSystemInfos().ToList())
        {
            place.Delete();
        }

        Directory.Delete(folder);
    }

    private void MountOnce(string name)
    {
        if (OptionsOf(name) is not { } given)
        {
            return;
        }

        lock (MountLockOf(name))
        {
            var folder = folders.DataOf(name);
            if (mounter.IsMounted(folder))
            {
                return;
            }

            try
            {
                var mount = LocalOptions.Parse(given, options.VolumeTypes);
                if (mount is not null)
                {
                    mounter.Mount(mount, folder, options.VolumePaths);
                    SettleOrUnmount(name, folder);
                }
            }
            catch (EngineException failure)
            {
                throw new EngineException(failure.Kind, $"error while mounting volume '{folder}': {failure.Message}", failure);
            }
        }
    }

    private void UnmountUnused(string name, string? leaving)
    {
        if (OptionsOf(name) is null)
        {
            return;
        }

        lock (MountLockOf(name))
        {
            if (IsUsed(name, leaving) || !mounter.IsMounted(folders.DataOf(name)))
            {
                return;
            }

            mounter.Unmount(folders.DataOf(name));
        }
    }

    private bool IsUsed(string name, string? leaving)
    {
        lock (_lock)
        {
            return _uses.ContainsKey(name) || users.FindActiveVolumeUsers(name).Any(user => user != leaving);
        }
    }

    private void EndUse(string name)
    {
        lock (_lock)
        {
            if (--_uses[name] == 0)
            {
                _uses.Remove(name);
            }
        }

        UnmountUnused(name, null);
    }

    private void CheckNotReplaced(string name)
    {
        if (_exclusive.Contains(name))
        {
            throw EngineException.Conflict($"volume {name} is being restored from an archive; try again when that has ended.");
        }
    }

    private Lock MountLockOf(string name)
    {
        lock (_mountLocks)
        {
            if (!_mountLock.TryGetValue(name, out var found))
            {
                _mountLock[name] = found = new Lock();
            }

            return found;
        }
    }

    /// <summary>Null for a plain volume.</summary>
    private IReadOnlyDictionary<string, string>? OptionsOf(string name)
    {
        return folders.Read(name)?.Options is { Count: > 0 } found ? found : null;
    }
}
