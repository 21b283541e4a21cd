using Portal.Engine.Containers.Lifecycle;
using Portal.Engine.Errors;
using Portal.Engine.Hosting;
using Portal.Engine.Runtime.Namespaces;

namespace Portal.Engine.Containers.Users;

/// <summary>Decides which ids of the host a container that is being made gets. Any thread.</summary>
/// <remarks>
/// What was decided is kept with the container: a later change of the engine's setting or of the host's files changes nothing for it.
/// Files of images and containers have the ids inside on the disk, so every container can use every image.
/// </remarks>
internal sealed class UserMappings(EngineOptions options, ContainerRegistry registry)
{
    /// <summary>Docker's name for the user whose ranges <c>default</c> means.</summary>
    public const string DefaultUser = "dockremap";

    /// <summary>podman's name for the user whose ranges are handed out one by one.</summary>
    public const string AutoUser = "containers";

    private readonly SubordinateIds _subordinates = new(options.SubordinateIdFolder);
    private readonly Lock _lock = new();
    private readonly Dictionary<string, IdMapping> _making = new(StringComparer.Ordinal);

    /// <summary>True when containers have mapped ids unless they ask for the host's.</summary>
    public bool IsDefault => options.UsernsRemap.Length > 0;

    /// <summary>The mapping of containers that ask for nothing, as those of builds do; null for the host's ids.</summary>
    /// <exception cref="EngineException">InvalidArgument: the host sets no ids apart any more.</exception>
    public IdMapping? Usual => IsDefault ? Remapped() : null;

    /// <summary>
    /// Reads the engine's setting. Where that is <c>default</c> and the host sets no ids apart for it, some are set apart now, as Docker
    /// does.
    /// </summary>
    /// <exception cref="EngineException">InvalidArgument: it names nobody who has ranges.</exception>
    public void Check()
    {
        if (!IsDefault)
        {
            return;
        }

        if (options.UsernsRemap == "default"
            && _subordinates.Users([DefaultUser]).Count + _subordinates.Groups([DefaultUser]).Count == 0)
        {
            _subordinates.Add(DefaultUser, UsernsMode.DefaultSize);
        }

        _ = Remapped();
    }

    /// <summary>What keeps a container from having mapped ids, in Docker's words; nothing when it has the host's.</summary>
    public IEnumerable<string> Problems(ContainerSpec spec)
    {
        if (!IsMapped(spec))
        {
            yield break;
        }

        if (spec.Privileged)
        {
            yield return "privileged mode is incompatible with user namespaces.  "
                + "You must run the container in the host namespace when running privileged mode";
        }

        if (spec.NetworkMode == "host")
        {
            yield return "cannot share the host's network namespace when user namespaces are enabled";
        }

        if (spec.PidMode == "host")
        {
            yield return "cannot share the host PID namespace when user namespaces are enabled";
        }
    }

    /// <summary>The mapping of a container; null for the host's ids. Kept from others until <see cref="Release"/>.</summary>
    /// <exception cref="EngineException">InvalidArgument: the host sets no ids apart. Unavailable: all are in use.</exception>
    public IdMapping? Reserve(string containerId, ContainerSpec spec)
    {
        var mode = UsernsMode.Parse(spec.UsernsMode);
        if (mode is null || !IsMapped(spec))
        {
            return null;
        }

        return !mode.IsAuto ? Remapped() : mode.Mapping ?? Next(containerId, mode.Size);
    }

    /// <summary>Ends a reservation: the container is among the others now, or was not made.</summary>
    public void Release(string containerId)
    {
        lock (_lock)
        {
            _making.Remove(containerId);
        }
    }

    private bool IsMapped(ContainerSpec spec)
    {
        return UsernsMode.Parse(spec.UsernsMode) is { IsHost: false } mode && (mode.IsAuto || IsDefault);
    }

    private IdMapping Remapped()
    {
        var (user, group) = Names(options.UsernsRemap);
        var mapping = new IdMapping(
            Stacked(_subordinates.Users(_subordinates.NamesOf("passwd", user))),
            Stacked(_subordinates.Groups(_subordinates.NamesOf("group", group))));
        return mapping.Users.Count > 0 && mapping.Groups.Count > 0
            ? mapping
            : throw EngineException.InvalidArgument(
                $"The setting userns-remap={options.UsernsRemap} can't be used: {_subordinates.UserFile} and {_subordinates.GroupFile} "
                + $"set no ids apart for user '{user}' and group '{group}'. Add a line such as {user}:231072:65536 to the first and "
                + $"{group}:231072:65536 to the second.");
    }

    /// <summary><c>default</c>, <c>USER</c>, <c>USER:GROUP</c>, each a name or a number, as Docker's <c>userns-remap</c>.</summary>
    private static (string User, string Group) Names(string setting)
    {
        if (setting == "default")
        {
            return (DefaultUser, DefaultUser);
        }

        var parts = setting.Split(':');
        return parts.Length switch
        {
            1 when parts[0].Length > 0 => (parts[0], parts[0]),
            2 when parts[0].Length > 0 && parts[1].Length > 0 => (parts[0], parts[1]),
            _ => throw EngineException.InvalidArgument(
                $"invalid userns-remap '{setting}': it must be 'default', a user, or USER:GROUP, by name or number"),
        };
    }

    private IdMapping Next(string containerId, uint size)
    {
        var users = Pool(_subordinates.Users);
        var groups = Pool(_subordinates.Groups);
        if (users.Count == 0 || groups.Count == 0)
        {
            throw EngineException.InvalidArgument(
                $"userns mode 'auto' needs ids to hand out, and this host sets none apart. Add the line "
                + $"{AutoUser}:2147483648:1073741824 to {_subordinates.UserFile} and to {_subordinates.GroupFile}.");
        }

        lock (_lock)
        {
            var others = registry.All.Select(container => container.Config.Ids).OfType<IdMapping>().Concat(_making.Values).ToList();
            if (IsDefault)
            {
                others.Add(Remapped());
            }

            // One number for users and groups where that is free for both: whoever reads a listing is helped by it.
            var user = FreeRange(users, others.SelectMany(mapping => mapping.Users), size);
            var group = FreeRange(groups, others.SelectMany(mapping => mapping.Groups), size);
            if (user is null || group is null)
            {
                throw new EngineException(
                    EngineErrorKind.Unavailable,
                    $"No {size} ids in a row are left of those that {_subordinates.UserFile} and {_subordinates.GroupFile} set apart for "
                    + $"'{AutoUser}'. Remove containers, ask for fewer (auto:size=N), or set more apart.");
            }

            return _making[containerId] = new IdMapping([new IdRange(0, user.Value, size)], [new IdRange(0, group.Value, size)]);
        }
    }

    private static IReadOnlyList<(uint Start, uint Count)> Pool(
        Func<IReadOnlyCollection<string>, IReadOnlyList<(uint Start, uint Count)>> read) => read([AutoUser]);

    private static uint? FreeRange(IReadOnlyList<(uint Start, uint Count)> pool, IEnumerable<IdRange> used, uint size)
    {
        var taken = used.OrderBy(range => range.Outside).ToList();
        foreach (var (start, count) in pool)
        {
            ulong at = start;
            foreach (var range in taken)
            {
                if (range.Outside < at + size && (ulong)range.Outside + range.Count > at)
                {
                    at = (ulong)range.Outside + range.Count;
                }
            }

            if (at + size <= (ulong)start + count)
            {
                return (uint)at;
            }
        }

        return null;
    }

    /// <summary>The ranges one after another, from id 0 on.</summary>
    private static List<IdRange> Stacked(IReadOnlyList<(uint Start, uint Count)> ranges)
    {
        var stacked = new List<IdRange>();
        ulong inside = 0;
        foreach (var (start, count) in ranges.OrderBy(range => range.Start))
        {
            stacked.Add(new IdRange((uint)inside, start, count));
            inside += count;
        }

        return stacked;
    }
}
