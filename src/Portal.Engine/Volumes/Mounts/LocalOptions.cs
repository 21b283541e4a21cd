using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Portal.Engine.Errors;

namespace Portal.Engine.Volumes.Mounts;

/// <summary>
/// Reads the options of the local driver (<c>type</c>, <c>device</c>, <c>o</c>) as mount(8) has them. Nothing that is not known is passed
/// on to the kernel.
/// </summary>
internal static partial class LocalOptions
{
    /// <summary>Types that may be mounted unless the administrator names others: no stacked, virtual or user-space file systems.</summary>
    public static readonly IReadOnlyList<string> DefaultTypes =
    [
        "bind", "tmpfs", "nfs", "nfs4", "ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs", "vfat", "exfat", "ntfs3", "iso9660", "udf",
        "squashfs", "erofs",
    ];

    // Docker's own names of the options, and the one that asks for another.
    private static readonly string[] s_keys = ["type", "o", "device"];
    private static readonly (string Given, string Needed)[] s_pairs = [("device", "type"), ("type", "device"), ("o", "device")];

    private static readonly FrozenDictionary<string, VolumeMountFlags> s_flags = new Dictionary<string, VolumeMountFlags>
    {
        ["ro"] = VolumeMountFlags.ReadOnly,
        ["nosuid"] = VolumeMountFlags.NoSetUserId,
        ["nodev"] = VolumeMountFlags.NoDevices,
        ["noexec"] = VolumeMountFlags.NoExecution,
        ["sync"] = VolumeMountFlags.Synchronous,
        ["dirsync"] = VolumeMountFlags.SynchronousFolders,
        ["noatime"] = VolumeMountFlags.NoAccessTime,
        ["nodiratime"] = VolumeMountFlags.NoFolderAccessTime,
        ["relatime"] = VolumeMountFlags.RelativeAccessTime,
        ["strictatime"] = VolumeMountFlags.StrictAccessTime,
        ["lazytime"] = VolumeMountFlags.LazyTime,
        ["bind"] = VolumeMountFlags.Bind,
        ["rbind"] = VolumeMountFlags.Bind | VolumeMountFlags.Recursive,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // They take a flag back.
    private static readonly FrozenDictionary<string, VolumeMountFlags> s_opposites = new Dictionary<string, VolumeMountFlags>
    {
        ["rw"] = VolumeMountFlags.ReadOnly,
        ["suid"] = VolumeMountFlags.NoSetUserId,
        ["dev"] = VolumeMountFlags.NoDevices,
        ["exec"] = VolumeMountFlags.NoExecution,
        ["async"] = VolumeMountFlags.Synchronous,
        ["atime"] = VolumeMountFlags.NoAccessTime,
        ["diratime"] = VolumeMountFlags.NoFolderAccessTime,
        ["defaults"] = VolumeMountFlags.None,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>What the options mount; null when there is nothing to mount: then the volume is a plain folder.</summary>
    /// <param name="options">Of the driver.</param>
    /// <param name="types">Types that may be mounted.</param>
    /// <exception cref="EngineException">InvalidArgument: unknown or missing options. Forbidden: a type that may not be mounted.</exception>
    public static LocalMount? Parse(IReadOnlyDictionary<string, string> options, IReadOnlyList<string> types)
    {
        if (options.ContainsKey("size"))
        {
            throw EngineException.InvalidArgument("quota size requested but no quota support");
        }

        foreach (var key in options.Keys.Where(key => !s_keys.Contains(key)))
        {
            throw EngineException.InvalidArgument($"invalid option: \"{key}\"");
        }

        foreach (var (_, needed) in s_pairs.Where(pair => options.ContainsKey(pair.Given) && !options.ContainsKey(pair.Needed)))
        {
            throw EngineException.InvalidArgument($"missing required option: \"{needed}\"");
        }

        return options.TryGetValue("type", out var type)
            ? Read(type, options["device"], options.GetValueOrDefault("o") ?? "", types)
            : null;
    }

    private static LocalMount Read(string type, string device, string text, IReadOnlyList<string> types)
    {
        var flags = VolumeMountFlags.None;
        var data = new List<string>();
        var server = "";
        foreach (var option in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (s_flags.TryGetValue(option, out var flag))
            {
                flags |= flag;
            }
            else if (s_opposites.TryGetValue(option, out var opposite))
            {
                flags &= ~opposite;
            }
            else if (option.StartsWith("addr=", StringComparison.Ordinal))
            {
                server = option["addr=".Length..];
            }
            else
            {
                data.Add(option);
            }
        }

        var isBind = flags.HasFlag(VolumeMountFlags.Bind);
        var mount = new LocalMount { Type = isBind ? "bind" : type, Device = device, Flags = flags, Data = data, Server = server };
        Check(mount, type, types);
        return mount;
    }

    private static void Check(LocalMount mount, string type, IReadOnlyList<string> types)
    {
        if (mount.IsBind && type is not ("none" or "bind" or ""))
        {
            throw EngineException.InvalidArgument($"the option 'bind' goes with type=none, not with type={type}");
        }

        if (!types.Contains(mount.Type))
        {
            throw !mount.IsBind && type is "none" or ""
                ? EngineException.InvalidArgument("type=none mounts nothing without o=bind")
                : new EngineException(
                    EngineErrorKind.Forbidden,
                    $"file systems of type '{mount.Type}' may not be mounted for volumes on this node, only "
                    + $"{string.Join(", ", types)} (PORTAL_VOLUME_TYPES)");
        }

        CheckDevice(mount);
        foreach (var option in mount.Data.Where(option => !OptionRules.Allow(mount.Type, option)))
        {
            throw EngineException.InvalidArgument($"invalid mount option: \"{option}\" is not known for type '{mount.Type}'");
        }
    }

    private static void CheckDevice(LocalMount mount)
    {
        if (mount.Device.Length is 0 or > 4095 || mount.Device.Any(char.IsControl))
        {
            throw EngineException.InvalidArgument("the device is empty, too long, or holds control characters");
        }

        if (mount.IsRemote)
        {
            var host = mount.Server.Length > 0 ? mount.Server : NfsDevice().Match(mount.Device).Groups["host"].Value;
            if (!NfsDevice().IsMatch(mount.Device) || !Host().IsMatch(host))
            {
                throw EngineException.InvalidArgument(
                    $"the device '{mount.Device}' of an nfs mount must be ':/path' with o=addr=SERVER, or 'SERVER:/path'");
            }
        }
        else if (mount.Server.Length > 0)
        {
            throw EngineException.InvalidArgument($"invalid mount option: \"addr\" is not known for type '{mount.Type}'");
        }
        else if (!mount.IsMemory && mount.Device[0] != '/')
        {
            throw EngineException.InvalidArgument($"the device '{mount.Device}' must be an absolute path");
        }
    }

    [GeneratedRegex(@"\A(?<host>[A-Za-z0-9._-]*|\[[0-9A-Fa-f:.]+\]):/[^\0]*\z")]
    private static partial Regex NfsDevice();

    [GeneratedRegex(@"\A([A-Za-z0-9._-]{1,253}|\[?[0-9A-Fa-f:.]{2,45}\]?)\z")]
    private static partial Regex Host();
}
