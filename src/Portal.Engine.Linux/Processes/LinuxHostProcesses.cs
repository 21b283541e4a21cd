using System.Globalization;
using System.Text;
using Portal.Engine.Containers;
using Portal.Engine.Linux.Interop;

namespace Portal.Engine.Linux.Processes;

/// <summary>Processes from <c>/proc</c>, and signals through pidfds.</summary>
internal sealed class LinuxHostProcesses : IHostProcesses
{
    // USER_HZ: fixed for all programs on every architecture that .NET runs on, whatever the kernel's own rate is.
    private const long TicksPerSecond = 100;

    // The boot time that /proc/stat tells moves by a second now and then when the clock is corrected.
    private static readonly TimeSpan s_tolerance = TimeSpan.FromSeconds(2);

    public ContainerProcess? Read(int processId)
    {
        try
        {
            return Parse(processId);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException || IsGone(failure))
        {
            return null;
        }
    }

    public void Signal(ContainerProcess process, int signal)
    {
        // Opened first and compared then: from here on the number can't come to mean another one.
        var handle = ProcessCalls.OpenHandle(process.ProcessId);
        if (handle < 0)
        {
            return;
        }

        try
        {
            if (Read(process.ProcessId) is { } now && (now.StartedAt - process.StartedAt).Duration() < s_tolerance)
            {
                _ = ProcessCalls.SendSignal(handle, signal);
            }
        }
        finally
        {
            ProcessCalls.Close(handle);
        }
    }

    // ESRCH: it ended between the opening and the reading of its file.
    private static bool IsGone(Exception failure) => failure is IOException { HResult: Errno.NoProcess };

    private static ContainerProcess Parse(int processId)
    {
        var folder = string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}");
        var stat = File.ReadAllText(folder + "/stat");

        // The name stands in parentheses and may hold anything, also parentheses: the last one ends it.
        var nameEnd = stat.LastIndexOf(')');
        var name = stat[(stat.IndexOf('(') + 1)..nameEnd];
        var fields = stat[(nameEnd + 2)..].Split(' ');
        var cpuTicks = Number(fields[11]) + Number(fields[12]);
        return new ContainerProcess(
            processId,
            (int)Number(fields[1]),
            ReadUser(folder),
            BootTime() + FromTicks(Number(fields[19])),
            FromTicks(cpuTicks),
            ReadCommand(folder, name));
    }

    private static string ReadUser(string folder)
    {
        // "Uid:" and the real, effective, saved and file system ids (proc_pid_status(5)).
        var line = File.ReadLines(folder + "/status").First(item => item.StartsWith("Uid:", StringComparison.Ordinal));
        return line.Split('\t')[1];
    }

    private static string ReadCommand(string folder, string name)
    {
        var words = Encoding.UTF8.GetString(File.ReadAllBytes(folder + "/cmdline")).TrimEnd('\0').Replace('\0', ' ');
        return words.Length > 0 ? words : $"[{name}]";
    }

    private static DateTimeOffset BootTime()
    {
        var line = File.ReadLines("/proc/stat").First(item => item.StartsWith("btime ", StringComparison.Ordinal));
        return DateTimeOffset.FromUnixTimeSeconds(Number(line["btime ".Length..]));
    }

    private static TimeSpan FromTicks(long ticks) => TimeSpan.FromSeconds((double)ticks / TicksPerSecond);

    private static long Number(string text) => long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
