using System.Globalization;
using Portal.Engine.Linux.Interop;

namespace Portal.Engine.Linux.Cgroups;

/// <content>
/// Moves between cgroups. All of them take one lock of the kernel (<c>cgroup_threadgroup_rwsem</c>), which is made for readers: the first
/// to write after a quiet time waits for an RCU grace period, 5 to 15 ms on an idle machine, and those who come within the next
/// 10 ms or so wait for nothing. Monitor and runtime make such moves at every start.
/// </content>
internal sealed partial class CgroupTree
{
    private int _isAnticipating;

    /// <summary>
    /// Tells that a process will be started in a moment: the wait begins now, beside what is to be done before. Returns at once.
    /// </summary>
    public void Anticipate()
    {
        if (Interlocked.Exchange(ref _isAnticipating, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static tree => tree.TakeLock(), this, preferLocal: false);
        }
    }

    // A move of this thread to where it is: it takes the lock and changes nothing.
    private void TakeLock()
    {
        try
        {
            if (OwnFolder() is { } folder)
            {
                var file = Path.Combine(folder, Version == 2 ? "cgroup.threads" : "tasks");
                File.WriteAllText(file, ProcessCalls.CurrentThread().ToString(CultureInfo.InvariantCulture));
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Its own cgroup can't be seen from here, as in some namespaces. Starts wait a little longer then, that is all.
        }
        finally
        {
            Volatile.Write(ref _isAnticipating, 0);
        }
    }

    private string? OwnFolder()
    {
        var hierarchy = Version == 2 ? _mounts.Hierarchies[0] : _mounts.Hierarchies.FirstOrDefault(tree => !tree.Unified);
        if (hierarchy is null)
        {
            return null;
        }

        // 4:cpu,cpuacct:/path, or 0::/path for version 2 (cgroups(7)).
        var controller = hierarchy.Controllers.Count > 0 ? hierarchy.Controllers[0] : "";
        var fields = File.ReadLines("/proc/thread-self/cgroup")
            .Select(line => line.Split(':', 3))
            .FirstOrDefault(fields => fields[1].Split(',').Contains(controller));
        return fields is null ? null : hierarchy.MountPoint + fields[2];
    }
}
