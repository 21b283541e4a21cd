using Portal.Engine.Errors;
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
    /// InvalidArgument: it has options. Conflict: there are files in it that may not be replaced, or containers run with it.
    /// </exception>
    public void CheckReplaceable(string name, bool mayReplace, bool mayBeStopped)
    {
        if (OptionsOf(name) is not null)
        {
            throw EngineException.InvalidArgument(
                $"Volume {name} has options: what is mounted there can't be replaced at once. "
                + "Restore into a plain volume and copy from that.");
        }

        if (!mayReplace && !folders.IsEmpty(name))
        {
            throw EngineException.Conflict(
                $"Volume {name} is not empty. Say that its files may be replaced, or restore into another volume.");
        }

        if (!mayBeStopped && users.FindActiveVolumeUsers(name) is { Count: > 0 } active)
        {
            throw EngineException.Conflict(
                $"Containers run with volume {name} - [{string.Join(", ", active)}]. Stop them, or have them stopped for the restore.");
        }
    }

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
