using System.Diagnostics;
using Portal.Bench.Peers;

namespace Portal.Bench.Rows;

/// <summary>What people do with containers all day, as whole commands of the client.</summary>
internal static class ContainerRows
{
    private const string Image = "busybox:latest";

    public static IEnumerable<Row> All(BenchOptions options) =>
    [
        new("run --rm true, bridge", "ms", options.Rounds, 0.25, peer => TimeAsync(peer, "run", "--rm", Image, "true")),
        new("run --rm true, no network", "ms", options.Rounds, null, peer => TimeAsync(peer, "run", "--rm", "--network", "none", Image, "true")),
        new("run --rm true, host network", "ms", options.Rounds, null, peer => TimeAsync(peer, "run", "--rm", "--network", "host", Image, "true")),
        new("exec true", "ms", options.Rounds, 0.5, ExecAsync),
        new($"{options.Many} parallel run -d", "ms", options.SlowRounds, 0.3, peer => ManyAsync(peer, options.Many, timeRemoval: false)),
        new($"{options.Many} parallel rm -f", "ms", options.SlowRounds, 0.3, peer => ManyAsync(peer, options.Many, timeRemoval: true)),
        new($"ps -aq with {options.Listed} containers", "ms", 1, null, peer => ListAsync(peer, options.Listed)),
        new($"logs of {options.LogLines:N0} lines", "ms", options.SlowRounds, 0.5, peer => LogsAsync(peer, options.LogLines)),
        new($"memory of the daemons with {options.Many} containers", "MB", 1, 0.6, peer => MemoryAsync(peer, options.Many, monitors: false)),
        new("memory of one container's monitor", "MB", 1, 0.2, peer => MemoryAsync(peer, options.Many, monitors: true)),
    ];

    private static async Task<double> TimeAsync(IPeer peer, params string[] arguments)
    {
        var watch = Stopwatch.StartNew();
        await peer.RunAsync(arguments);
        return watch.Elapsed.TotalMilliseconds;
    }

    private static async Task<double> ExecAsync(IPeer peer)
    {
        await peer.RunAsync("run", "-d", "--name", "bench-exec", Image, "sleep", "1000");
        try
        {
            return await TimeAsync(peer, "exec", "bench-exec", "true");
        }
        finally
        {
            await peer.RunAsync("rm", "-f", "bench-exec");
        }
    }

    private static async Task<double> ManyAsync(IPeer peer, int count, bool timeRemoval)
    {
        var watch = Stopwatch.StartNew();
        await StartManyAsync(peer, count);
        var started = watch.Elapsed;
        watch.Restart();
        await RemoveManyAsync(peer, count);
        return (timeRemoval ? watch.Elapsed : started).TotalMilliseconds;
    }

    // The best of several, since making so many anew for each would take minutes.
    private static async Task<double> ListAsync(IPeer peer, int count)
    {
        var some = new ParallelOptions { MaxDegreeOfParallelism = 8 };
        await Parallel.ForAsync(0, count, some, async (index, _) => await peer.RunAsync("create", "--name", $"bench-{index}", Image, "true"));
        try
        {
            var best = double.MaxValue;
            for (var round = 0; round < 9; round++)
            {
                best = Math.Min(best, await TimeAsync(peer, "ps", "-aq"));
            }

            return best;
        }
        finally
        {
            await Parallel.ForAsync(0, count, some, async (index, _) => await peer.RunAsync("rm", "-f", $"bench-{index}"));
        }
    }

    private static async Task<double> LogsAsync(IPeer peer, int lines)
    {
        await peer.RunAsync("run", "--name", "bench-logs", Image, "seq", "1", $"{lines}");
        try
        {
            return await TimeAsync(peer, "logs", "bench-logs");
        }
        finally
        {
            await peer.RunAsync("rm", "-f", "bench-logs");
        }
    }

    private static async Task<double> MemoryAsync(IPeer peer, int count, bool monitors)
    {
        await StartManyAsync(peer, count);
        try
        {
            var bytes = ProcessMemory.ProportionalBytes(peer, monitors);
            return bytes > 0 ? bytes / 1e6 / (monitors ? count : 1) : throw new InvalidOperationException("it has no such process");
        }
        finally
        {
            await RemoveManyAsync(peer, count);
        }
    }

    private static Task StartManyAsync(IPeer peer, int count) => Task.WhenAll(
        Enumerable.Range(0, count).Select(index => peer.RunAsync("run", "-d", "--name", $"bench-{index}", Image, "sleep", "1000")));

    private static Task RemoveManyAsync(IPeer peer, int count) => Task.WhenAll(
        Enumerable.Range(0, count).Select(index => peer.RunAsync("rm", "-f", $"bench-{index}")));
}
