using System.Globalization;

namespace Portal.Engine.Linux.Cgroups;

/// <summary>
/// How often the kernel has killed for want of memory, from <c>memory.oom_control</c> (version 1) or
/// <c>memory.events</c> (version 2).
/// </summary>
internal static class OutOfMemoryRecord
{
    /// <summary>The number of kills in the container's cgroup; 0 when it is gone.</summary>
    public static long Read(CgroupTree tree, string id)
    {
        if (tree.Folder(id, "memory") is not { } folder)
        {
            return 0;
        }

        try
        {
            var name = tree.Version == 2 ? "memory.events" : "memory.oom_control";
            return Parse(File.ReadLines(Path.Combine(folder, name)));
        }
        catch (IOException)
        {
            return 0;
        }
    }

    internal static long Parse(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            if (line.StartsWith("oom_kill ", StringComparison.Ordinal)
                && long.TryParse(line.AsSpan(9).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            {
                return count;
            }
        }

        return 0;
    }
}
