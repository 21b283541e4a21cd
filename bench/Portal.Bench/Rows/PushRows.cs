using System.Diagnostics;
using Portal.Bench.Peers;
using Portal.Testing.Registries;

namespace Portal.Bench.Rows;

/// <summary>
/// Sends the image of an archive, whose layers nobody has compressed yet, to a registry of its own: one that another engine has
/// pushed to would only be asked what it has.
/// </summary>
internal static class PushRows
{
    public static IEnumerable<Row> All(BenchOptions options, BenchImage image) =>
    [
        new("push of the same, to a registry that has none of it", "ms", options.SlowRounds, 1, peer => MeasureAsync(peer, image, again: false)),
        new("push of the same, to a registry that has all of it", "ms", options.SlowRounds, 1, peer => MeasureAsync(peer, image, again: true)),
    ];

    private static async Task<double> MeasureAsync(IPeer peer, BenchImage image, bool again)
    {
        await using var registry = await RegistryFixture.StartAsync();
        var reference = $"{registry.Host}/bench/pushed:1";
        await peer.RunAsync("load", "-i", image.Archive);
        await peer.RunAsync("tag", BenchImage.ArchiveName, reference);
        try
        {
            if (again)
            {
                await PushAsync(peer, reference);
            }

            return await PushAsync(peer, reference);
        }
        finally
        {
            await peer.RunAsync("rmi", reference, BenchImage.ArchiveName);
        }
    }

    private static async Task<double> PushAsync(IPeer peer, string reference)
    {
        var watch = Stopwatch.StartNew();
        await peer.RunAsync(["push", .. peer.PlainHttp, reference]);
        return watch.Elapsed.TotalMilliseconds;
    }
}
