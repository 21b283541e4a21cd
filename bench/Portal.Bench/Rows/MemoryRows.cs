using System.Globalization;
using Portal.Bench.Peers;

namespace Portal.Bench.Rows;

/// <summary>Whether memory grows with what images hold: the peak of this engine with small, middling and large ones.</summary>
/// <remarks>On this engine alone: the question is about the three figures, and minutes of others' disk would answer none.</remarks>
internal static class MemoryRows
{
    private const string Container = "bench-grown";

    public static IEnumerable<Row> All(IReadOnlyList<BenchImage> images, string folder)
    {
        foreach (var (work, measure) in Works(folder))
        {
            foreach (var image in images)
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"peak memory, {work} of {image.Bytes / 1_000_000:#,0} MB");
                yield return new(name, "MB", 1, null, peer => measure(peer, image)) { IsOwnAlone = true };
            }
        }
    }

    private static IEnumerable<(string Work, Func<IPeer, BenchImage, Task<double>> Measure)> Works(string folder)
    {
        yield return ("pull", PullAsync);
        yield return ("load", LoadAsync);
        yield return ("save", (peer, image) => SaveAsync(peer, image, folder));
        yield return ("commit", CommitAsync);
    }

    private static async Task<double> PullAsync(IPeer peer, BenchImage image)
    {
        var peak = await PeakMemory.OfAsync(peer, () => peer.RunAsync(["pull", .. peer.PlainHttp, image.Reference]));
        await peer.RunAsync("rmi", image.Reference);
        return peak;
    }

    private static async Task<double> LoadAsync(IPeer peer, BenchImage image)
    {
        var peak = await PeakMemory.OfAsync(peer, () => peer.RunAsync("load", "-i", image.Archive));
        await peer.RunAsync("rmi", BenchImage.ArchiveName);
        return peak;
    }

    private static async Task<double> SaveAsync(IPeer peer, BenchImage image, string folder)
    {
        var target = Path.Combine(folder, "grown.tar");
        await peer.RunAsync("load", "-i", image.Archive);
        try
        {
            return await PeakMemory.OfAsync(peer, () => peer.RunAsync("save", "-o", target, BenchImage.ArchiveName));
        }
        finally
        {
            File.Delete(target);
            await peer.RunAsync("rmi", BenchImage.ArchiveName);
        }
    }

    private static async Task<double> CommitAsync(IPeer peer, BenchImage image)
    {
        var write = $"for i in 1 2 3 4 5 6 7 8 9 10; do head -c {image.Bytes / 10} /dev/urandom >/tmp/$i; done";
        await peer.RunAsync("run", "--network", "none", "--name", Container, "busybox:latest", "sh", "-c", write);
        try
        {
            var peak = await PeakMemory.OfAsync(peer, () => peer.RunAsync("commit", Container, "bench:grown"));
            await peer.RunAsync("rmi", "bench:grown");
            return peak;
        }
        finally
        {
            await peer.RunAsync("rm", "-f", Container);
        }
    }
}
