using System.Globalization;
using Portal.Bench.Peers;

namespace Portal.Bench.Rows;

/// <summary>Looks every 50 ms what the processes of a peer take (proc_pid_status(5), RssAnon), those that come and go included.</summary>
/// <remarks>Pages of files are not counted: they are the kernel's cache, and go when they are needed.</remarks>
internal sealed class PeakMemory : IDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(50);
    private readonly IPeer _peer;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task<long> _watching;

    public PeakMemory(IPeer peer)
    {
        _peer = peer;
        _watching = Task.Run(WatchAsync);
    }

    /// <summary>The peak during a piece of work, in MB.</summary>
    public static async Task<double> OfAsync(IPeer peer, Func<Task> work)
    {
        using var peak = new PeakMemory(peer);
        await work();
        return peak.Stop() / 1e6;
    }

    /// <returns>The largest sum, in bytes.</returns>
    public long Stop()
    {
        _stop.Cancel();
        return _watching.GetAwaiter().GetResult();
    }

    public void Dispose() => _stop.Dispose();

    private async Task<long> WatchAsync()
    {
        long peak = 0;
        while (!_stop.IsCancellationRequested)
        {
            peak = Math.Max(peak, Directory.EnumerateDirectories("/proc").Sum(Read));
            await Task.Delay(s_interval, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return peak;
    }

    private long Read(string folder)
    {
        if (!int.TryParse(Path.GetFileName(folder), out var id) || id == Environment.ProcessId)
        {
            return 0;
        }

        try
        {
            var command = File.ReadAllText(Path.Combine(folder, "cmdline"));
            var isTheirs = command.Contains(_peer.RunFolder, StringComparison.Ordinal)
                || command.Contains(_peer.DataFolder, StringComparison.Ordinal);
            if (!isTheirs || command.StartsWith("docker\0", StringComparison.Ordinal))
            {
                return 0;
            }

            var line = File.ReadLines(Path.Combine(folder, "status")).First(text => text.StartsWith("RssAnon:", StringComparison.Ordinal));
            return long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            // It ended between the listing and the look, or is the kernel's own.
            return 0;
        }
    }
}
