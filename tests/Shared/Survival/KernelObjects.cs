using System.Text.RegularExpressions;
using Xunit;

namespace Portal.Testing.Survival;

/// <summary>
/// What an instance has in the kernel for its containers, by container id where the object tells it: one of each for a container
/// that runs, none for others.
/// </summary>
public sealed partial record KernelObjects(
    IReadOnlyList<string> Monitors,
    IReadOnlyList<string> ExecMonitors,
    IReadOnlyList<string> Cgroups,
    IReadOnlyList<string> Mounts,
    IReadOnlyList<string> Namespaces,
    int Links)
{
    /// <summary>
    /// Whose the other mounts in the instance's folders and the entries of its run folder are: shared memory, bundles, states, records of
    /// networks.
    /// </summary>
    public required IReadOnlyList<string> Traces { get; init; }

    /// <summary>Folders of execs, which go when those have ended.</summary>
    public required IReadOnlyList<string> Execs { get; init; }

    /// <summary>How many published ports the packet rules know; null where nobody counts them.</summary>
    public required int? Ports { get; init; }

    public static KernelObjects Of(InstancePlaces instance)
    {
        var monitors = FindMonitors(instance);
        return new KernelObjects(
            [.. monitors.Where(monitor => !monitor.IsExec).Select(monitor => monitor.Container).Order(StringComparer.Ordinal)],
            [.. monitors.Where(monitor => monitor.IsExec).Select(monitor => monitor.Container).Order(StringComparer.Ordinal)],
            FindCgroups(instance),
            FindMounts(instance),
            FindNamespaces(instance),
            Directory.GetFileSystemEntries("/sys/class/net")
                .Count(path => Path.GetFileName(path).StartsWith(instance.Name + "v", StringComparison.Ordinal)))
        {
            Traces = FindTraces(instance),
            Execs = FindExecs(instance),
            Ports = instance.PublishesPorts ? PacketRules.CountPorts(instance.Name) : null,
        };
    }

    /// <inheritdoc cref="Of(InstancePlaces)"/>
    public static KernelObjects Of(TestInstance instance) => Of(InstancePlaces.Of(instance));

    /// <summary>Waits until there is exactly what the given containers need: ends take the kernel a moment.</summary>
    public static async Task SettleAsync(InstancePlaces instance, IEnumerable<string> running)
    {
        var wanted = running.Order(StringComparer.Ordinal).ToList();
        KernelObjects? found = null;
        try
        {
            await Eventually.HoldsAsync(() => (found = Of(instance)).AreOf(wanted), "the kernel holds what runs, and nothing else");
        }
        catch (TimeoutException)
        {
            Assert.Fail($"The kernel should hold what runs, and nothing else.\nruns: {Join(wanted)}\n{found!.Describe()}");
        }
    }

    /// <inheritdoc cref="SettleAsync(InstancePlaces, IEnumerable{string})"/>
    public static Task SettleAsync(TestInstance instance, IEnumerable<string> running) =>
        SettleAsync(InstancePlaces.Of(instance), running);

    private bool AreOf(List<string> running)
    {
        return Monitors.SequenceEqual(running)
            && ExecMonitors.All(running.Contains)
            && Cgroups.SequenceEqual(running)
            && Mounts.SequenceEqual(running)
            && Namespaces.SequenceEqual(running)
            && Traces.All(running.Contains)
            && Links == running.Count
            && (Ports ?? running.Count) == running.Count;
    }

    private string Describe()
    {
        return $"monitors: {Join(Monitors)}\nof execs: {Join(ExecMonitors)}\ncgroups: {Join(Cgroups)}\nmounts: {Join(Mounts)}\n"
            + $"namespaces: {Join(Namespaces)}\ntraces: {Join(Traces)}\nlinks: {Links}\nports: {Ports}";
    }

    private static string Join(IEnumerable<string> ids) => string.Join(' ', ids.Select(id => id[..Math.Min(12, id.Length)]));

    private static List<(string Container, bool IsExec)> FindMonitors(InstancePlaces instance)
    {
        var found = new List<(string Container, bool IsExec)>();
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(path[6])))
        {
            var words = ReadCommand(folder);
            var id = Array.IndexOf(words, "--cid");
            if (id > 0 && words.Any(word => word.StartsWith(instance.RunRoot + "/", StringComparison.Ordinal)))
            {
                found.Add((words[id + 1], words.Contains("--exec")));
            }
        }

        return found;
    }

    private static string[] ReadCommand(string folder)
    {
        try
        {
            return File.ReadAllText(folder + "/cmdline").Split('\0');
        }
        catch (IOException)
        {
            // It ended meanwhile.
            return [];
        }
    }

    private static List<string> FindCgroups(InstancePlaces instance)
    {
        return InstanceRemains.CgroupTrees()
            .Select(tree => Path.Combine(tree, instance.Name))
            .Where(Directory.Exists)
            .SelectMany(Directory.EnumerateDirectories)
            .Select(path => Path.GetFileName(path)!)
            .Where(name => name != "monitors")
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToList();
    }

    private static List<string> FindMounts(InstancePlaces instance)
    {
        // .../overlay/roots/ID/merged
        return MountPoints()
            .Where(path => path.StartsWith(instance.DataRoot, StringComparison.Ordinal) && path.EndsWith("/merged", StringComparison.Ordinal))
            .Select(path => Path.GetFileName(Path.GetDirectoryName(path)!))
            .Order(StringComparer.Ordinal)
            .ToList();
    }

    private static List<string> FindNamespaces(InstancePlaces instance)
    {
        var folder = Path.Combine(instance.RunRoot, "netns");
        return Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)]
            : [];
    }

    private static List<string> FindTraces(InstancePlaces instance)
    {
        var mounts = MountPoints()
            .Where(path => path.StartsWith(instance.DataRoot + "/", StringComparison.Ordinal)
                || path.StartsWith(instance.RunRoot + "/", StringComparison.Ordinal));
        var entries = Entries(instance.RunRoot).SelectMany(Entries);
        return [.. mounts.Concat(entries).SelectMany(IdsIn).Distinct().Order(StringComparer.Ordinal)];
    }

    // c/CONTAINER/e/EXEC; what has ended is being removed meanwhile.
    private static List<string> FindExecs(InstancePlaces instance) =>
        [.. Entries(Path.Combine(instance.RunRoot, "c")).SelectMany(folder => Entries(Path.Combine(folder, "e")))];

    private static string[] Entries(string folder)
    {
        try
        {
            return Directory.GetFileSystemEntries(folder);
        }
        catch (IOException)
        {
            // A file, or gone meanwhile.
            return [];
        }
    }

    private static IEnumerable<string> IdsIn(string path) => ContainerId().Matches(path).Select(match => match.Value);

    // The fifth field is the mount point (proc_pid_mountinfo(5)).
    private static IEnumerable<string> MountPoints() => File.ReadLines("/proc/self/mountinfo").Select(line => line.Split(' ')[4]);

    [GeneratedRegex("[0-9a-f]{64}")]
    private static partial Regex ContainerId();
}
