using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Portal.Bench.Peers;

namespace Portal.Bench.Rows;

/// <summary>
/// Builds, as whole commands of the client with the classic builder's protocol. Each context has a file that is new in each round where
/// the figure is about work, and stays the same where it is about the cache.
/// </summary>
internal sealed class BuildRows(BenchOptions options, string folder)
{
    private const string Tag = "bench-build:1";
    private const int Stages = 5;
    private int _round;

    private int Files => options.Smoke ? 50 : 10_000;

    private int LargeFiles => options.Smoke ? 2 : 10;

    private int LargeBytes => options.Smoke ? 1_000_000 : 107_374_182;

    private int CachedSteps => options.Smoke ? 4 : 20;

    private string LargeSize => string.Create(CultureInfo.InvariantCulture, $"{(long)LargeFiles * LargeBytes / 1_000_000} MB");

    public IEnumerable<Row> All()
    {
        // dockerd's builder is measured with the same client; podman has one of its own.
        Environment.SetEnvironmentVariable("DOCKER_BUILDKIT", "0");
        var small = Write("small", "FROM busybox:latest\nCOPY . /app/\n", Files, _ => 400);
        var part = Write("part", "FROM busybox:latest\nCOPY stamp /\n", LargeFiles, _ => LargeBytes);
        var large = Write("large", "FROM busybox:latest\nCOPY . /data/\n", 0, _ => 0);
        foreach (var file in Directory.EnumerateFiles(part, "f*"))
        {
            HardLink(file, Path.Combine(large, Path.GetFileName(file)));
        }

        var cached = Write("cached", CachedText(), 200, _ => 400);
        var stages = Write("stages", StagesText(), 0, _ => 0);
        var slow = options.SlowRounds;
        return
        [
            new($"copy of {Files} small files", "ms", slow, 0.5, peer => FreshAsync(peer, small)),
            new($"context of {LargeSize}, one file of it copied", "ms", slow, 0.5, peer => FreshAsync(peer, part)),
            new($"context of {LargeSize}, all of it copied", "ms", slow, 0.5, peer => FreshAsync(peer, large)),
            new($"{CachedSteps} steps, all from the cache", "ms", options.Rounds, 0.5, peer => CachedAsync(peer, cached)),
            new($"{Stages} independent stages", "ms", slow, 0.5, peer => FreshAsync(peer, stages)),
            new($"peak memory, context of {LargeSize}", "MB", 1, null, peer => PeakAsync(peer, () => FreshAsync(peer, large))),
        ];
    }

    private static void HardLink(string from, string to)
    {
        using var process = Process.Start("ln", [from, to]);
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"'{to}' could not be made");
        }
    }

    private string CachedText()
    {
        var steps = Enumerable.Range(0, CachedSteps - 2)
            .Select(step => step % 2 == 0 ? $"RUN echo {step} > /s{step}" : $"COPY f0{step:00} /c{step}");
        return $"FROM busybox:latest\nENV A=1\n{string.Join('\n', steps)}\n";
    }

    private static string StagesText()
    {
        var stages = Enumerable.Range(0, Stages).Select(stage =>
            $"FROM busybox:latest AS s{stage}\nCOPY stamp /\n"
            + $"RUN for i in 1 2 3 4; do head -c 20000000 /dev/zero | sha256sum; done > /sum{stage}\n");
        var copies = Enumerable.Range(0, Stages).Select(stage => $"COPY --from=s{stage} /sum{stage} /\n");
        return string.Concat(stages) + "FROM busybox:latest\n" + string.Concat(copies);
    }

    private string Write(string name, string dockerfile, int files, Func<int, int> size)
    {
        var path = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
        File.WriteAllText(Path.Combine(path, "Dockerfile"), dockerfile);
        File.WriteAllText(Path.Combine(path, "stamp"), "0");
        for (var number = 0; number < files; number++)
        {
            // A hundred a folder where there are many, as in trees of sources.
            var place = files > 1000 ? Directory.CreateDirectory(Path.Combine(path, $"d{number / 100:000}")).FullName : path;
            File.WriteAllBytes(Path.Combine(place, $"f{number:000}"), RandomNumberGenerator.GetBytes(size(number)));
        }

        return path;
    }

    /// <summary>A build of what was never built.</summary>
    private async Task<double> FreshAsync(IPeer peer, string context)
    {
        await File.WriteAllTextAsync(Path.Combine(context, "stamp"), $"{peer.Name} {++_round}");
        try
        {
            return await TimeAsync(peer, context);
        }
        finally
        {
            await ForgetAsync(peer);
        }
    }

    private static async Task<double> CachedAsync(IPeer peer, string context)
    {
        await TimeAsync(peer, context);
        return await TimeAsync(peer, context);
    }

    private static async Task<double> PeakAsync(IPeer peer, Func<Task> work)
    {
        using var peak = new PeakMemory(peer);
        await work();
        return peak.Stop() / 1e6;
    }

    private static async Task<double> TimeAsync(IPeer peer, string context)
    {
        var watch = Stopwatch.StartNew();
        await peer.RunAsync("build", "-t", Tag, context);
        return watch.Elapsed.TotalMilliseconds;
    }

    /// <summary>Gives the disk back before the next peer's turn.</summary>
    private static async Task ForgetAsync(IPeer peer)
    {
        await peer.RunAsync("rmi", "-f", Tag);
        if (peer is not PodmanPeer)
        {
            await peer.RunAsync("builder", "prune", "-af");
        }
    }
}
