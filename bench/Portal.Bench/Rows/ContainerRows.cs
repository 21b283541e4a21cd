using System.Diagnostics;
using Portal.Bench.Peers;

namespace Portal.Bench.Rows;

/// <summary>What people do with containers all day, as whole commands of the client.</summary>
internal static class ContainerRows
{
    /// <summary>The image that every row uses.</summary>
    public const string Image = "busybox:latest";

    /// <param name="options">How many.</param>
    /// <param name="runc">This engine with runc in place of its own choice, crun; null where it does not run.</param>
    public static IEnumerable<Row> All(BenchOptions options, IPeer? runc)
    {
        var memory = new CrowdMemoryRows(options);
        return
        [
            memory.AtRest(),
            new("run --rm true, bridge", "ms", options.Rounds, 0.15, peer => RunAsync(peer)),
            new("run --rm true, no network", "ms", options.Rounds, null, peer => RunAsync(peer, "--network", "none")),
            new("run --rm true, host network", "ms", options.Rounds, null, peer => RunAsync(peer, "--network", "host")),
            new("run --rm true, bridge, portal with runc", "ms", options.Rounds, 0.25, peer => RunAsync(WithRunc(peer, runc))),
            new("exec true", "ms", options.Rounds, 0.5, ExecAsync),
            new("exec true, portal with runc", "ms", options.Rounds, 0.5, peer => ExecAsync(WithRunc(peer, runc))),
            new("attach: a line there and back", "ms", options.SlowRounds, null, AttachRow.MeasureAsync),
            new($"{options.Many} parallel run -d", "ms", options.SlowRounds, 0.3, peer => ManyAsync(peer, options.Many, timeRemoval: false)),
            new($"{options.Many} parallel rm -f", "ms", options.SlowRounds, 0.3, peer => ManyAsync(peer, options.Many, timeRemoval: true)),
            new($"{options.Serial} starts, one after another", "ms", 1, null, peer => SerialAsync(peer, options.Serial)) { WarmsUp = false },
            new($"stats --no-stream of {options.Watched} containers", "ms", options.SlowRounds, null, peer => StatsAsync(peer, options.Watched)),
            new($"ps -aq with {options.Listed} containers", "ms", 1, null, peer => ListAsync(peer, options.Listed)) { WarmsUp = false },
            new($"logs of {options.LogLines:N0} lines", "ms", options.SlowRounds, 0.5, peer => LogsAsync(peer, options.LogLines)),
            .. memory.With(options.Many, 0.6, 0.2),
            .. memory.With(options.Crowd, 0.6, 0.2),
        ];
    }

    // Of the others, the same row is their usual runtime's: what a share of it is set as the target.
    private static IPeer WithRunc(IPeer peer, IPeer? runc) =>
        peer.Name != "portal" ? peer
        : runc is { Unavailable: null } ? runc
        : throw new InvalidOperationException(runc?.Unavailable ?? "runc is not tried");

    private static Task<double> RunAsync(IPeer peer, params string[] options) => TimeAsync(peer, ["run", "--rm", .. options, Image, "true"]);

    private static async Task<double> TimeAsync(IPeer peer, params string[] arguments)
    {
        var watch = Stopwatch.StartNew();
        await peer.RunAsync(arguments);
        return watch.Elapsed.TotalMilliseconds;
    }

    private static async Task<double> ExecAsync(IPeer peer)
    {
        await peer.RunAsync("run", "-d", "--stop-signal", "KILL", "--name", "bench-exec", Image, "sleep", "1000");
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
        await Crowds.StartAsync(peer, count);
        var started = watch.Elapsed;
        watch.Restart();
        await Crowds.RemoveAsync(peer, count);
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

    private static async Task<double> SerialAsync(IPeer peer, int count)
    {
        var some = new ParallelOptions { MaxDegreeOfParallelism = 8 };
        await Parallel.ForAsync(0, count, some, async (index, _) =>
            await peer.RunAsync("create", "--stop-signal", "KILL", "--name", Crowds.Name(index), Image, "sleep", "1000"));
        try
        {
            var watch = Stopwatch.StartNew();
            for (var index = 0; index < count; index++)
            {
                await peer.RunAsync("start", Crowds.Name(index));
            }

            return watch.Elapsed.TotalMilliseconds;
        }
        finally
        {
            await Crowds.RemoveAsync(peer, count);
        }
    }

    private static async Task<double> StatsAsync(IPeer peer, int count)
    {
        await Crowds.StartAsync(peer, count);
        try
        {
            return await TimeAsync(peer, "stats", "--no-stream");
        }
        finally
        {
            await Crowds.RemoveAsync(peer, count);
        }
    }
}
