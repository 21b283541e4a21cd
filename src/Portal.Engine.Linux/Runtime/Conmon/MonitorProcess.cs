using System.Globalization;

namespace Portal.Engine.Linux.Runtime.Conmon;

/// <summary>Tells a folder's monitor from another process that got its number.</summary>
internal static class MonitorProcess
{
    /// <summary>True when the process is a monitor of this folder: its command line names it. A dead one has none.</summary>
    public static bool IsOf(int processId, ProcessFolder folder)
    {
        try
        {
            var commandLine = File.ReadAllText($"/proc/{processId.ToString(CultureInfo.InvariantCulture)}/cmdline");
            return commandLine.Split('\0').Contains(folder.Root);
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>True when any process is a monitor of this folder, also one that has not written its number down yet. Looks at them all.</summary>
    public static bool AnyOf(ProcessFolder folder) =>
        Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Any(id => id > 0 && IsOf(id, folder));

    /// <summary>
    /// True when the process was made, its end is not written down, and nobody is there any more to do that. A
    /// monitor whose runtime failed
    /// leaves no process id of a container, so this is false for it.
    /// </summary>
    public static bool IsLost(ProcessFolder folder)
    {
        return folder.ReadMonitorPid() is { } monitor
            && folder.ReadPid() is not null
            && !IsOf(monitor, folder)
            && !File.Exists(folder.ExitFile);
    }
}
