using Portal.Engine.Linux.Cgroups;

namespace Portal.Engine.Linux.Stats;

/// <summary>
/// The cgroups whose files are open, as their containers are watched. Beyond a share of the descriptors that the process may have, files
/// are opened and closed for each reading.
/// </summary>
internal sealed class OpenCgroups(CgroupTree cgroups)
{
    // None of the kernel's files is larger.
    private const int BufferSize = 256 * 1024;
    private const int Share = 4;
    private const int FewestDescriptors = 256;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ICgroupCounters> _open = new(StringComparer.Ordinal);
    private readonly byte[] _buffer = new byte[BufferSize];
    private readonly int _most = MostOpen(cgroups.Version == 2 ? CgroupV2Reader.Files : CgroupV1Reader.Files);

    /// <summary>How many containers have files open.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _open.Count;
            }
        }
    }

    /// <summary>Reads a container's counters, and keeps its files open until <see cref="Retain"/> says otherwise.</summary>
    public CgroupCounters? Read(string containerId)
    {
        lock (_lock)
        {
            if (!_open.TryGetValue(containerId, out var files))
            {
                files = Open(containerId);
                if (_open.Count >= _most)
                {
                    using (files)
                    {
                        return files.Read(_buffer);
                    }
                }

                _open.Add(containerId, files);
            }

            var counters = files.Read(_buffer);
            if (counters is null)
            {
                _open.Remove(containerId);
                files.Dispose();
            }

            return counters;
        }
    }

    /// <summary>Closes the files of all other containers.</summary>
    public void Retain(Predicate<string> isWatched)
    {
        lock (_lock)
        {
            foreach (var (id, files) in _open)
            {
                if (!isWatched(id))
                {
                    // A dictionary may lose items while it is gone through.
                    _open.Remove(id);
                    files.Dispose();
                }
            }
        }
    }

    private static int MostOpen(int files)
    {
        var line = StatFile.ReadText("/proc/self/limits")?.Split('\n')
            .FirstOrDefault(line => line.StartsWith("Max open files", StringComparison.Ordinal));
        var soft = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, _, _, var text, ..] ? StatFile.ParseNumber(text) : null;
        return (int)Math.Min(Math.Max(soft ?? 0, FewestDescriptors) / Share / files, int.MaxValue);
    }

    private ICgroupCounters Open(string containerId) => cgroups.Version == 2
        ? new CgroupV2Reader(cgroups.Folder(containerId, "")!)
        : new CgroupV1Reader(controller => cgroups.Folder(containerId, controller));
}
