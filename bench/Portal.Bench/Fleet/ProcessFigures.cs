using System.Diagnostics;
using System.Globalization;
using Portal.Testing.Processes;

namespace Portal.Bench.Fleet;

/// <summary>What one process takes, as the kernel counts it.</summary>
internal static class ProcessFigures
{
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(30);

    public static TimeSpan ProcessorTime(Process process)
    {
        process.Refresh();
        return process.TotalProcessorTime;
    }

    /// <summary>A line of proc_pid_status(5).</summary>
    public static double Megabytes(Process process, string name)
    {
        var line = File.ReadLines($"/proc/{process.Id}/status").First(text => text.StartsWith(name + ":", StringComparison.Ordinal));
        return double.Parse(line.Split(['\t', ' '], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    /// <summary>Asks it to end, and kills it when it does not.</summary>
    public static async Task TerminateAsync(Process process)
    {
        await Tool.TryRunAsync("kill", "-TERM", process.Id.ToString(CultureInfo.InvariantCulture));
        using var soon = new CancellationTokenSource(s_grace);
        try
        {
            await process.WaitForExitAsync(soon.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }
}
