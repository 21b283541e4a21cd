using Portal.Engine.Errors;
using Portal.Engine.Volumes.Drivers;
using Portal.Engine.Volumes.Mounts;
using Portal.Engine.Volumes.State;

namespace Portal.Engine.Volumes;

/// <summary>What the restoring of volumes needs of them.</summary>
internal sealed partial class LocalVolumes
{
    /// <exception cref="EngineException">InvalidArgument: no name. AlreadyExists.</exception>
    public void CheckNew(string name)
    {
        if (!VolumeNames.IsValid(name))
        {
            throw EngineException.InvalidArgument($"create {name}: {VolumeNames.Problem(name)}");
        }

        if (folders.Exists(name))
        {
            throw new EngineException(
                EngineErrorKind.AlreadyExists, $"There is a volume {name} already. Restore into it, or take another name.");
        }
    }

    /// <exception cref="EngineException">
    /// InvalidArgument: it is in memory, and nothing keeps it there. Conflict: there are files in it that may not be replaced, or containers
    /// run with it.
    /// </exception>
    public void CheckReplaceable(string name, bool mayReplace, bool mayBeStopped)
    {
        var active = users.FindActiveVolumeUsers(name);
        if (active.Count == 0 && mayBeStopped && IsInMemory(name))
        {
            throw EngineException.InvalidArgument(
                $"Volume {name} is in memory (type=tmpfs), and is empty again once no container runs with it. "
                + "Start one, and have it stopped for the restore.");
        }

        if (!mayReplace && !folders.IsEmpty(name, folders.PlacingOf(name)))
        {
            throw EngineException.Conflict(
                $"Volume {name} is not empty. Say that its files may be replaced, or restore into another volume.");
        }

        if (!mayBeStopped && active.Count > 0)
        {
            throw EngineException.Conflict(
                $"Containers run with volume {name} - [{string.Join(", ", active)}]. Stop them, or have them stopped for the restore.");
        }
    }

    /// <summary>True when something is mounted on it, so that its folder can't be exchanged for another.</summary>
    public bool IsMount(string name) => OptionsOf(name) is not null;

    /// <summary>A folder for new files on the file system that is mounted; the caller uses the volume.</summary>
    public VolumeAside BeginPlacing(string name)
    {
        var work = $".portal-restore-{Guid.NewGuid():N}";
        folders.NotePlacing(name, work);
        return placing.Begin(folders.DataOf(name), work);
    }

    /// <summary>Lets the new files take the place of all others; the caller has the volume alone.</summary>
    public void Place(string name) => placing.Place(folders.DataOf(name), folders.PlacingOf(name)!);

    /// <summary>Ends what <see cref="BeginPlacing"/> began, however far it came. Idempotent.</summary>
    public void Settle(string name)
    {
        if (folders.PlacingOf(name) is { } work)
        {
            placing.Settle(folders.DataOf(name), work);
            folders.EndPlacing(name);
        }
    }

    /// <summary>What an engine before this one left half done, where it is still mounted; else the next mount does it.</summary>
    private void SettleMounted()
    {
        EngineException? first = null;
        foreach (var name in folders.Names().Where(name => folders.PlacingOf(name) is not null && mounter.IsMounted(folders.DataOf(name))))
        {
            try
            {
                Settle(name);
            }
            catch (EngineException failure)
            {
                first ??= failure;
            }
        }

        if (first is not null)
        {
            throw first;
        }
    }

    private void SettleOrUnmount(string name, string folder)
    {
        try
        {
            Settle(name);
        }
        catch
        {
            // Who finds it mounted takes it for whole.
            mounter.Unmount(folder);
            throw;
        }
    }

    private bool IsInMemory(string name) =>
        OptionsOf(name) is { } given && LocalOptions.Parse(given, options.VolumeTypes) is { IsMemory: true };

    /// <summary>Makes a volume of a folder that <see cref="VolumeFolders.BeginNew"/> gave.</summary>
    /// <exception cref="EngineException">AlreadyExists.</exception>
    public void Adopt(string name, string folder, IReadOnlyDictionary<string, string> labels)
    {
        lock (_lock)
        {
            CheckNew(name);
            folders.Publish(folder, name, new VolumeRecord { Created = time.GetUtcNow(), Labels = labels });
            Publish("create", name);
        }
    }
}
