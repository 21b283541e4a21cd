using System.Globalization;
using Portal.Testing.Survival;

namespace Portal.Testing.Agents;

/// <summary>What an agent holds at one moment: in its process, and of the host.</summary>
/// <param name="Files">Open descriptors.</param>
/// <param name="Threads">Threads.</param>
/// <param name="MemoryBytes">Memory of its own, without what is mapped from files.</param>
/// <param name="Mounts">Mounts in its folders.</param>
/// <param name="Links">Network interfaces under its name.</param>
/// <param name="Cgroups">Cgroups under its name, in all trees.</param>
/// <param name="RunFiles">Files and folders in its run folder.</param>
/// <param name="Rules">The length of its packet rules.</param>
public sealed record ProcessFigures(int Files, int Threads, long MemoryBytes, int Mounts, int Links, int Cgroups, int RunFiles, int Rules)
{
    private const int Kibi = 1024;

    /// <summary>Those of the host alone, of which nothing may stay at all.</summary>
    public (int Mounts, int Links, int Cgroups, int RunFiles, int Rules) OfHost => (Mounts, Links, Cgroups, RunFiles, Rules);

    public static ProcessFigures Of(RealAgent agent)
    {
        var process = $"/proc/{agent.ProcessId}";
        return new ProcessFigures(
            Directory.GetFiles(process + "/fd").Length,
            Directory.GetDirectories(process + "/task").Length,
            ReadMemory(process),
            File.ReadLines("/proc/self/mountinfo").Select(line => line.Split(' ')[4]).Count(path => IsOf(agent.Instance, path)),
            Directory.GetFileSystemEntries("/sys/class/net")
                .Count(path => Path.GetFileName(path).StartsWith(agent.Places.Name, StringComparison.Ordinal)),
            InstanceRemains.CgroupTrees().Select(tree => Path.Combine(tree, agent.Places.Name)).Where(Directory.Exists)
                .Sum(folder => Directory.GetDirectories(folder, "*", SearchOption.AllDirectories).Length),
            Directory.GetFileSystemEntries(agent.Instance.RunRoot, "*", SearchOption.AllDirectories).Length,
            PacketRules.Length(agent.Places.Name));
    }

    private static bool IsOf(TestInstance instance, string path) =>
        path.StartsWith(instance.Root, StringComparison.Ordinal) || path.StartsWith(instance.RunRoot, StringComparison.Ordinal);

    private static long ReadMemory(string process)
    {
        // RssAnon:     12345 kB (proc_pid_status(5)).
        var line = File.ReadLines(process + "/status").First(text => text.StartsWith("RssAnon:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * Kibi;
    }
}
