namespace Portal.Engine.Containers.Mounts;

/// <summary>Finds what is wrong with a mount, in Docker's words.</summary>
internal static class MountSpecValidator
{
    public static IEnumerable<string> Validate(MountSpec mount)
    {
        return Problems(mount).Select(problem => $"invalid mount config for type \"{mount.Type}\": {problem}");
    }

    private static IEnumerable<string> Problems(MountSpec mount)
    {
        if (mount.Target.Length == 0)
        {
            yield return "field Target must not be empty";
        }

        var more = mount.Type switch
        {
            "bind" => Bind(mount),
            "volume" => Volume(mount),
            "tmpfs" => Tmpfs(mount),
            _ => ["mount type unknown"],
        };
        foreach (var problem in more)
        {
            yield return problem;
        }
    }

    private static IEnumerable<string> Bind(MountSpec mount)
    {
        var options = mount.Bind;
        if (mount.Source.Length == 0)
        {
            yield return "field Source must not be empty";
        }
        else if (mount.Source[0] != '/' || mount.Source.Contains('\0'))
        {
            yield return $"invalid mount path: '{mount.Source}' mount path must be absolute";
        }
        else if (options is not { CreateMountpoint: true } && !Path.Exists(mount.Source))
        {
            yield return $"bind source path does not exist: {mount.Source}";
        }

        if (mount.Volume is not null)
        {
            yield return "field VolumeOptions must not be specified";
        }

        if (options is { Propagation.Length: > 0 } && !Propagation.IsKnown(options.Propagation))
        {
            yield return $"invalid propagation mode: {options.Propagation}";
        }

        if (options is { ReadOnlyNonRecursive: true, ReadOnlyForceRecursive: true })
        {
            yield return "ReadOnlyNonRecursive and ReadOnlyForceRecursive cannot both be set";
        }

        if (options is { ReadOnlyNonRecursive: true } or { ReadOnlyForceRecursive: true } && !mount.ReadOnly)
        {
            yield return "ReadOnlyNonRecursive and ReadOnlyForceRecursive need ReadOnly";
        }

        if (options is { ReadOnlyForceRecursive: true, Propagation: not ("" or "rprivate") })
        {
            yield return "ReadOnlyForceRecursive needs the propagation rprivate";
        }
    }

    private static IEnumerable<string> Volume(MountSpec mount)
    {
        if (mount.Bind is not null)
        {
            yield return "field BindOptions must not be specified";
        }

        if (mount is { Source.Length: 0, ReadOnly: true })
        {
            yield return "must not set ReadOnly mode when using anonymous volumes";
        }

        if (mount.Volume is { Driver: not ("" or "local") } other)
        {
            yield return $"error looking up volume plugin {other.Driver}: plugin \"{other.Driver}\" not found";
        }

        if (mount.Volume is not { Subpath: { Length: > 0 } subpath })
        {
            yield break;
        }

        if (mount.Source.Length == 0)
        {
            yield return "must not set Subpath when using anonymous volumes";
        }

        if (subpath[0] == '/' || subpath.Contains('\0') || subpath.Split('/').Contains(".."))
        {
            yield return "subpath must be a relative path within the volume";
        }
    }

    private static IEnumerable<string> Tmpfs(MountSpec mount)
    {
        if (mount.Source.Length > 0)
        {
            yield return "field Source must not be specified";
        }

        if (mount.Bind is not null)
        {
            yield return "field BindOptions must not be specified";
        }

        if (mount.Volume is not null)
        {
            yield return "field VolumeOptions must not be specified";
        }

        if (mount.Tmpfs is { SizeBytes: < 0 } or { Mode: < 0 or > 0xfff })
        {
            yield return "the size of a tmpfs must not be negative, and its mode is at most 7777";
        }
    }
}
