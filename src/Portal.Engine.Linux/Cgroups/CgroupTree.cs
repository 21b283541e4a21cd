using System.Globalization;
using Portal.Engine.Errors;
using Portal.Engine.Hosting;
using Portal.Engine.Linux.Interop;

namespace Portal.Engine.Linux.Cgroups;

/// <summary>
/// This instance's cgroups: <c>/NAME/ID</c> for each container, made by the OCI runtime, and <c>/NAME/monitors</c>
/// for the monitors, made
/// here. One serves the whole process.
/// </summary>
internal sealed partial class CgroupTree
{
    private const string MonitorsName = "monitors";
    private static readonly TimeSpan s_removePatience = TimeSpan.FromSeconds(5);

    private readonly string _parent;
    private readonly CgroupMounts _mounts;
    private readonly Lock _making = new();

    public CgroupTree(EngineOptions options, CgroupMounts mounts)
    {
        _parent = "/" + options.Name;
        _mounts = mounts;
        _places = ReadPlaces(Path.Combine(Path.GetFullPath(options.RunRoot), "c"));
    }

    public int Version => _mounts.Version;

    /// <summary>Where a version 2 tree is mounted beside version 1 (the hybrid form); null where there is none.</summary>
    public string? UnifiedBesideVersion1 =>
        Version == 2 ? null : _mounts.Hierarchies.FirstOrDefault(hierarchy => hierarchy.Unified)?.MountPoint;

    /// <summary>True when swap can be limited: version 2 counts it always, version 1 when the kernel was told to.</summary>
    public bool HasSwapLimit => Version == 2
        || _mounts.Hierarchies.Any(hierarchy => File.Exists(Path.Combine(hierarchy.MountPoint, "memory.memsw.limit_in_bytes")));

    /// <summary>True when some hierarchy of version 1 has such a file for each of its groups.</summary>
    public bool HasVersion1File(string name) =>
        Version != 2 && _mounts.Hierarchies.Any(hierarchy => File.Exists(Path.Combine(hierarchy.MountPoint, name)));

    /// <summary>The path for the OCI specification (<c>linux.cgroupsPath</c>).</summary>
    public string ContainerPath(string id) => $"{ParentOf(id)}/{id}";

    /// <summary>The container's folder under one controller; with version 2 its only folder.</summary>
    /// <returns>Null when the host has no such controller.</returns>
    public string? Folder(string id, string controller)
    {
        foreach (var hierarchy in _mounts.Hierarchies)
        {
            if (Version == 2 || hierarchy.Controllers.Contains(controller))
            {
                return hierarchy.MountPoint + ContainerPath(id);
            }
        }

        return null;
    }

    /// <summary>
    /// Moves a monitor out of our own cgroup, so that whoever ends all processes of our service (systemd does at a
    /// restart) does not reach it.
    /// </summary>
    public void AddMonitor(int processId)
    {
        var text = processId.ToString(CultureInfo.InvariantCulture);
        foreach (var hierarchy in _mounts.Hierarchies)
        {
            var folder = $"{hierarchy.MountPoint}{_parent}/{MonitorsName}";

            // A folder of cpuset takes nobody before its processors are set: the first containers may start at the same time.
            lock (_making)
            {
                if (!Directory.Exists(folder))
                {
                    MakeFolder(hierarchy, folder);
                }
            }

            File.WriteAllText(Path.Combine(folder, "cgroup.procs"), text);
        }
    }

    /// <summary>Processes of a container, in the host's numbers, also those in cgroups below its own.</summary>
    public IReadOnlyList<int> ListProcesses(string id) => ListProcesses(_mounts.Hierarchies, ContainerPath(id));

    /// <summary>True when a process is in the container's cgroup, or below it.</summary>
    public bool Contains(string id, int processId)
    {
        var path = ContainerPath(id);
        return ReadMembership(processId).Any(line => line.EndsWith(path, StringComparison.Ordinal)
            || line.Contains(path + "/", StringComparison.Ordinal));
    }

    /// <summary>True when the container's processes are frozen.</summary>
    public bool IsFrozen(string id)
    {
        var file = Version == 2 ? "cgroup.freeze" : "freezer.state";
        try
        {
            return Folder(id, "freezer") is { } folder
                && File.ReadAllText(Path.Combine(folder, file)).Trim() is "1" or "FROZEN" or "FREEZING";
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Lets a container have as many processes as the cgroups above it do. Does nothing on a host that can't limit them.</summary>
    public void LiftProcessLimit(string id)
    {
        if (Folder(id, "pids") is { } folder)
        {
            File.WriteAllText(Path.Combine(folder, "pids.max"), "max");
        }
    }

    /// <summary>Takes the limit of a container's processor time away (version 1).</summary>
    public void LiftQuota(string id)
    {
        if (Folder(id, "cpu") is { } folder)
        {
            File.WriteAllText(Path.Combine(folder, "cpu.cfs_quota_us"), "-1");
        }
    }

    /// <summary>Kills all processes of a container and waits until they are gone.</summary>
    /// <returns>False when some are still there after the wait (in an uninterruptible call, for example).</returns>
    public async Task<bool> KillAllAsync(string id, int signal, TimeSpan patience)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var processes = ListProcesses(id);
            if (processes.Count == 0)
            {
                return true;
            }

            Thaw(id);
            foreach (var processId in processes)
            {
                SignalMember(id, processId, signal);
            }

            if (TimeProvider.System.GetElapsedTime(started) > patience)
            {
                return false;
            }

            await Task.Delay(2).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Sends a signal to a process if it is the container's. A handle is opened before the look, so a recycled number
    /// can't be hit.
    /// </summary>
    /// <returns>False when there is no such process in the container.</returns>
    public bool SignalMember(string id, int processId, int signal)
    {
        var handle = ProcessCalls.OpenHandle(processId);
        if (handle < 0)
        {
            return false;
        }

        try
        {
            return Contains(id, processId) && ProcessCalls.SendSignal(handle, signal) == 0;
        }
        finally
        {
            ProcessCalls.Close(handle);
        }
    }

    /// <summary>Removes the container's cgroups, deepest first. Does nothing when there are none.</summary>
    public async Task RemoveAsync(string id)
    {
        foreach (var hierarchy in _mounts.Hierarchies)
        {
            await RemoveFolderAsync(hierarchy.MountPoint + ContainerPath(id)).ConfigureAwait(false);
        }
    }

    /// <summary>Ids of all containers that have a cgroup.</summary>
    public IReadOnlySet<string> ListContainers()
    {
        return _mounts.Hierarchies
            .Select(hierarchy => hierarchy.MountPoint + _parent)
            .Where(Directory.Exists)
            .SelectMany(Directory.EnumerateDirectories)
            .Select(folder => Path.GetFileName(folder)!)
            .Where(name => name != MonitorsName)
            .ToHashSet();
    }

    /// <summary>Removes what this instance has left when nothing of it runs any more. What is still in use stays.</summary>
    public void RemoveParent()
    {
        foreach (var hierarchy in _mounts.Hierarchies)
        {
            foreach (var folder in new[] { $"{hierarchy.MountPoint}{_parent}/{MonitorsName}", hierarchy.MountPoint + _parent })
            {
                _ = FolderCalls.TryRemove(folder);
            }
        }
    }

    private static IReadOnlyList<int> ListProcesses(IReadOnlyList<CgroupHierarchy> hierarchies, string path)
    {
        var found = new SortedSet<int>();
        foreach (var hierarchy in hierarchies)
        {
            ReadProcesses(hierarchy.MountPoint + path, found);
        }

        return [.. found];
    }

    private static void ReadProcesses(string folder, SortedSet<int> found)
    {
        try
        {
            foreach (var line in File.ReadLines(Path.Combine(folder, "cgroup.procs")))
            {
                // 0 stands for a process outside our process namespace.
                if (int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var processId) && processId > 0)
                {
                    found.Add(processId);
                }
            }

            foreach (var child in Directory.EnumerateDirectories(folder))
            {
                ReadProcesses(child, found);
            }
        }
        catch (IOException)
        {
            // The cgroup went away, or is a threaded one that has no process list: no processes to find here.
        }
    }

    private static string[] ReadMembership(int processId)
    {
        try
        {
            return File.ReadAllLines($"/proc/{processId.ToString(CultureInfo.InvariantCulture)}/cgroup");
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static void MakeFolder(CgroupHierarchy hierarchy, string folder)
    {
        var parent = Path.GetDirectoryName(folder)!;
        Directory.CreateDirectory(parent);
        CopyCpuset(hierarchy, Path.GetDirectoryName(parent)!, parent);
        Directory.CreateDirectory(folder);
        CopyCpuset(hierarchy, parent, folder);
    }

    private static void CopyCpuset(CgroupHierarchy hierarchy, string from, string to)
    {
        // Version 1: no process can enter a cpuset that names no processors and memory nodes (cpuset(7)).
        if (!hierarchy.Controllers.Contains("cpuset"))
        {
            return;
        }

        foreach (var file in new[] { "cpuset.cpus", "cpuset.mems" })
        {
            if (File.ReadAllText(Path.Combine(to, file)).Trim().Length == 0)
            {
                File.WriteAllText(Path.Combine(to, file), File.ReadAllText(Path.Combine(from, file)));
            }
        }
    }

    private void Thaw(string id)
    {
        var (file, text) = Version == 2 ? ("cgroup.freeze", "0") : ("freezer.state", "THAWED");
        if (Folder(id, "freezer") is { } folder && File.Exists(Path.Combine(folder, file)))
        {
            File.WriteAllText(Path.Combine(folder, file), text);
        }
    }

    private static async Task RemoveFolderAsync(string folder)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!FolderCalls.TryRemoveTree(folder))
        {
            // A dead process leaves its cgroup a moment after its parent has seen its end.
            if (TimeProvider.System.GetElapsedTime(started) > s_removePatience)
            {
                throw new EngineException(
                    EngineErrorKind.Unavailable, $"Removing the cgroup '{folder}' failed: it is still in use. Try again later.");
            }

            await Task.Delay(5).ConfigureAwait(false);
        }
    }
}
