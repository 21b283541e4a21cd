using System.Diagnostics;
using Portal.Bench.Peers;

namespace Portal.Bench.Rows;

/// <summary>What people do with images, as whole commands of the client.</summary>
internal static class ImageRows
{
    private const string Container = "bench-commit";

    public static IEnumerable<Row> All(BenchOptions options, BenchImage image, string folder)
    {
        var size = $"{options.Layers + 1} layers, {options.Layers * (long)options.LayerBytes / 1_000_000} MB";
        return
        [
            new($"pull, {size}", "ms", options.SlowRounds, 0.5, peer => PullAsync(peer, image)),
            new("load of the same", "ms", options.SlowRounds, 1, peer => LoadAsync(peer, image)),
            new("save of the same", "ms", options.SlowRounds, 1, peer => SaveAsync(peer, image, folder)),
            .. PushRows.All(options, image),
            new("removal of the same", "ms", options.SlowRounds, null, peer => RemoveAsync(peer, image)),
            new($"commit of {options.LayerBytes / 1_000_000} MB", "ms", options.SlowRounds, 1, peer => CommitAsync(peer, options)),
            new("peak memory, pull", "MB", 1, null, peer => PeakMemory.OfAsync(peer, () => PullAsync(peer, image))),
            new("peak memory, load", "MB", 1, null, peer => PeakMemory.OfAsync(peer, () => LoadAsync(peer, image))),
            new("peak memory, save", "MB", 1, null, peer => PeakMemory.OfAsync(peer, () => SaveAsync(peer, image, folder))),
        ];
    }

    private static async Task<double> PullAsync(IPeer peer, BenchImage image)
    {
        var figure = await TimeAsync(peer, ["pull", .. peer.PlainHttp, image.Reference]);
        await peer.RunAsync("rmi", image.Reference);
        return figure;
    }

    private static async Task<double> LoadAsync(IPeer peer, BenchImage image)
    {
        var figure = await TimeAsync(peer, "load", "-i", image.Archive);
        await peer.RunAsync("rmi", BenchImage.ArchiveName);
        return figure;
    }

    private static async Task<double> SaveAsync(IPeer peer, BenchImage image, string folder)
    {
        var target = Path.Combine(folder, $"{peer.Name}.tar");
        await peer.RunAsync("load", "-i", image.Archive);
        try
        {
            return await TimeAsync(peer, "save", "-o", target, BenchImage.ArchiveName);
        }
        finally
        {
            File.Delete(target);
            await peer.RunAsync("rmi", BenchImage.ArchiveName);
        }
    }

    private static async Task<double> RemoveAsync(IPeer peer, BenchImage image)
    {
        await peer.RunAsync("load", "-i", image.Archive);
        return await TimeAsync(peer, "rmi", BenchImage.ArchiveName);
    }

    private static async Task<double> CommitAsync(IPeer peer, BenchOptions options)
    {
        var write = $"for i in 1 2 3 4 5 6 7 8 9 10; do head -c {options.LayerBytes / 10} /dev/urandom >/tmp/$i; done";
        await peer.RunAsync("run", "--network", "none", "--name", Container, "busybox:latest", "sh", "-c", write);
        try
        {
            var figure = await TimeAsync(peer, "commit", Container, "bench:committed");
            await peer.RunAsync("rmi", "bench:committed");
            return figure;
        }
        finally
        {
            await peer.RunAsync("rm", "-f", Container);
        }
    }

    private static async Task<double> TimeAsync(IPeer peer, params string[] arguments)
    {
        var watch = Stopwatch.StartNew();
        await peer.RunAsync(arguments);
        return watch.Elapsed.TotalMilliseconds;
    }
}
