using Portal.Testing.Processes;

namespace Portal.Testing;

/// <summary>
/// What an engine instance has in the kernel under its name. Engines leave it on purpose, since containers outlive them; a
/// test that is over takes it away, whatever state the engine was left in.
/// </summary>
internal sealed class InstanceRemains(string name)
{
    private const string Cgroups = "/sys/fs/cgroup";

    /// <summary>Kills containers and monitors. Before the mounts go, which they keep busy.</summary>
    public async Task KillAsync()
    {
        await Eventually.HoldsAsync(
            async () =>
            {
                var processes = CgroupFolders().SelectMany(Processes).Distinct().ToArray();
                if (processes.Length > 0)
                {
                    CgroupFolders().ToList().ForEach(Thaw);
                    await Tool.TryRunAsync("kill", ["-KILL", .. processes]);
                }

                return processes.Length == 0;
            },
            $"the processes of {name} have ended");
    }

    public async Task RemoveAsync()
    {
        await Tool.TryRunAsync("nft", "delete", "table", "inet", name);
        foreach (var link in Directory.GetFileSystemEntries("/sys/class/net").Select(path => Path.GetFileName(path)!).Where(IsOurs))
        {
            await Tool.TryRunAsync("ip", "link", "delete", link);
        }

        // The kernel takes a moment to see that a cgroup's last process has ended.
        await Eventually.HoldsAsync(
            () => CgroupFolders().Reverse().ToList().TrueForAll(TryRemove),
            $"the cgroups of {name} are gone");
    }

    private bool IsOurs(string link)
    {
        // The default bridge is numbered; others have a "b", the hosts' ends of containers' links a "v", before hexadecimal digits.
        return link.StartsWith(name, StringComparison.Ordinal) && link.Length > name.Length
            && (link[name.Length] is 'b' or 'v' || char.IsAsciiDigit(link[name.Length]));
    }

    /// <summary>Where this host's cgroup trees are: version 1 has one for each controller, version 2 one for all.</summary>
    public static IEnumerable<string> CgroupTrees()
    {
        // Where crun is made to work beside version 2, what it makes in place of that tree are no cgroups.
        return Directory.GetDirectories(Cgroups).Prepend(Cgroups).Where(tree => File.Exists(Path.Combine(tree, "cgroup.procs")));
    }

    private string[] CgroupFolders()
    {
        // Deepest last.
        return CgroupTrees()
            .Select(tree => Path.Combine(tree, name))
            .Where(Directory.Exists)
            .SelectMany(root => Directory.GetDirectories(root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Prepend(root))
            .ToArray();
    }

    private static string[] Processes(string folder)
    {
        try
        {
            return File.ReadAllLines(Path.Combine(folder, "cgroup.procs"));
        }
        catch (IOException)
        {
            // Gone, or a controller that has threads only.
            return [];
        }
    }

    private static void Thaw(string folder)
    {
        // A frozen process does not even die.
        foreach (var (file, value) in new[] { ("freezer.state", "THAWED"), ("cgroup.freeze", "0") })
        {
            var path = Path.Combine(folder, file);
            if (File.Exists(path))
            {
                File.WriteAllText(path, value);
            }
        }
    }

    private static bool TryRemove(string folder)
    {
        try
        {
            Directory.Delete(folder);
            return true;
        }
        catch (IOException)
        {
            return !Directory.Exists(folder);
        }
    }
}
