using System.Globalization;
using Portal.Bench.Peers;

namespace Portal.Bench.Rows;

/// <summary>What processes take of the machine's memory, shared pages counted by their share (proc_pid_smaps_rollup(5), Pss).</summary>
internal static class ProcessMemory
{
    /// <summary>The sum over a peer's monitors, or over its daemons; 0 when it has none.</summary>
    public static long ProportionalBytes(IPeer peer, bool monitors) => Directory.EnumerateDirectories("/proc")
        .Where(folder => int.TryParse(Path.GetFileName(folder), out var id) && id != Environment.ProcessId)
        .Sum(folder => Read(folder, peer, monitors));

    private static long Read(string folder, IPeer peer, bool monitors)
    {
        try
        {
            var command = File.ReadAllText(Path.Combine(folder, "cmdline")).Replace('\0', ' ');
            var isMonitor = Path.GetFileName(command.Split(' ')[0]) == peer.Monitor;
            if (!command.Contains(peer.RunFolder, StringComparison.Ordinal)
                || command.StartsWith("docker ", StringComparison.Ordinal)
                || isMonitor != monitors)
            {
                return 0;
            }

            var line = File.ReadLines(Path.Combine(folder, "smaps_rollup")).First(text => text.StartsWith("Pss:", StringComparison.Ordinal));
            return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            // It ended between the listing and the look.
            return 0;
        }
    }
}
