using Microsoft.Win32.SafeHandles;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Runtime.Namespaces;

namespace Portal.Engine.Linux.UserNamespaces;

/// <summary>
/// The user namespaces by which mounts show other owners than the disk has. Nobody runs in them; they are kept for the next mount
/// with the same ids. Any thread.
/// </summary>
internal sealed class MountOwners
{
    // Each is a descriptor. Those of single containers' ids beyond that are made anew for each mount.
    private const int MostKept = 32;

    // On the disk, the owner of what the host's root makes in such a mount before it gives it to somebody. No container has this id.
    private const uint HostRootOnDisk = uint.MaxValue - 2;

    private readonly Dictionary<IdMapping, SafeFileHandle> _kept = [];
    private readonly Lock _lock = new();

    /// <summary>Runs something with the namespace of a mapping.</summary>
    /// <exception cref="IOException">It can't be made.</exception>
    public T Use<T>(IdMapping mapping, Func<SafeFileHandle, T> use)
    {
        lock (_lock)
        {
            if (_kept.TryGetValue(mapping, out var known))
            {
                return use(known);
            }
        }

        var made = MappedNamespace.Make(
            WithHostRoot(mapping.Users), WithHostRoot(mapping.Groups), process => NamespaceCalls.Open($"{process}/ns/user"));
        var isKept = false;
        try
        {
            var result = use(made);
            lock (_lock)
            {
                isKept = _kept.Count < MostKept && _kept.TryAdd(mapping, made);
            }

            return result;
        }
        finally
        {
            if (!isKept)
            {
                made.Dispose();
            }
        }
    }

    /// <summary>
    /// With an id for the host's root, who is nobody otherwise and could make nothing (EOVERFLOW): overlayfs makes its work folder as who
    /// mounts it, and the engine copies files in.
    /// </summary>
    private static IReadOnlyList<IdRange> WithHostRoot(IReadOnlyList<IdRange> ranges)
    {
        return ranges.Any(range => range.Outside == 0) ? ranges : [.. ranges, new IdRange(HostRootOnDisk, 0, 1)];
    }
}
