using System.Diagnostics;
using System.Globalization;
using Portal.Bench.Peers;
using Portal.Bench.Traffic;

namespace Portal.Bench.Rows;

/// <summary>
/// Attaching, publishing, and what traffic costs: latencies in microseconds, throughputs in Mbit/s, where more is better.
/// </summary>
internal sealed class NetworkRows(BenchOptions options) : IAsyncDisposable
{
    private const string Image = "busybox:latest";
    private const string Crowd = "bench-crowd";
    private const int FirstPort = 20_000;

    private readonly Dictionary<string, TrafficBed> _beds = [];
    private readonly HashSet<string> _crowded = [];

    private int Requests => options.Smoke ? 200 : 5_000;

    private int Seconds => options.Smoke ? 1 : 3;

    private int Others => options.Smoke ? 3 : 999;

    public IEnumerable<Row> All() =>
    [
        Attachment("bridge and one published port, of a start, by the engine's own clock", times => times.Whole),
        Attachment("the same without the kernel's own waits (10 ms to reach)", times => times.Whole - times.Waited),
        Attachment("the kernel's own waits in it", times => times.Waited),
        new("network connect of a running container", "ms", options.Rounds, 0.5, ConnectAsync),
        new("start with one published port", "ms", options.Rounds, 0.5, peer => StartAsync(peer, "-p", "30000:80")),
        new(
            "request through a published port", "us", options.SlowRounds, 1,
            peer => WithAsync(peer, bed => bed.PublishedAsync("ask", Requests))),
        new(
            "connection and request through a published port", "us", options.SlowRounds, 1,
            peer => WithAsync(peer, bed => bed.PublishedAsync("connect", Requests))),
        new("request between containers", "us", options.SlowRounds, 1, peer => WithAsync(peer, bed => bed.NeighbourAsync(Requests))),
        Stream("throughput through a published port", bed => bed.PublishedStreamAsync(Seconds)),
        Stream("throughput between containers", bed => bed.NeighbourStreamAsync(Seconds)),
        Stream("throughput from container to host", bed => bed.HostStreamAsync(Seconds)),
        new("answers of the name server", "/s", options.SlowRounds, null, peer => WithAsync(peer, bed => bed.NamesAsync(Seconds * 1000))),
        new(
            "answers of the name server a second of a processor", "/s", options.SlowRounds, null,
            peer => WithAsync(peer, bed => bed.NamesOfACoreAsync(Seconds * 1000))),
        new($"start with one published port beside {Others} others", "ms", options.SlowRounds, 0.5, CrowdedAsync),
    ];

    public async ValueTask DisposeAsync()
    {
        foreach (var bed in _beds.Values)
        {
            await bed.DisposeAsync();
        }
    }

    private Row Stream(string name, Func<TrafficBed, Task<double>> measure) =>
        new(name, "Mbit/s", options.SlowRounds, null, peer => WithAsync(peer, measure));

    private async Task<double> WithAsync(IPeer peer, Func<TrafficBed, Task<double>> measure)
    {
        if (!_beds.TryGetValue(peer.Name, out var bed))
        {
            _beds[peer.Name] = bed = await TrafficBed.MakeAsync(peer);
        }

        return await measure(bed);
    }

    private Row Attachment(string name, Func<(double Whole, double Waited), double> choose) =>
        new(name, "ms", options.ManyRounds, null, async peer => choose(await AttachAsync(peer))) { IsOwnAlone = true };

    /// <summary>
    /// From the decision which addresses it gets to the last rule, with all waits for the kernel, and those apart. The difference of two starts, one with a
    /// network and one without, would drown in the noise of either.
    /// </summary>
    private static async Task<(double Whole, double Waited)> AttachAsync(IPeer peer)
    {
        await StartAsync(peer, "-p", "30000:80");
        return await ((PortalPeer)peer).TakeAttachmentAsync();
    }

    private static async Task<double> StartAsync(IPeer peer, params string[] settings)
    {
        await peer.RunAsync(["create", "--stop-signal", "KILL", "--name", "bench-start", .. settings, Image, "sleep", "1000"]);
        try
        {
            var watch = Stopwatch.StartNew();
            await peer.RunAsync("start", "bench-start");
            return watch.Elapsed.TotalMilliseconds;
        }
        finally
        {
            await peer.RunAsync("rm", "-f", "bench-start");
        }
    }

    private static async Task<double> ConnectAsync(IPeer peer)
    {
        await peer.RunAsync("network", "create", "bench-more");
        await peer.RunAsync("run", "-d", "--stop-signal", "KILL", "--name", "bench-connect", Image, "sleep", "1000");
        try
        {
            var watch = Stopwatch.StartNew();
            await peer.RunAsync("network", "connect", "bench-more", "bench-connect");
            return watch.Elapsed.TotalMilliseconds;
        }
        finally
        {
            await peer.RunAsync("rm", "-f", "bench-connect");
            await peer.RunAsync("network", "rm", "bench-more");
        }
    }

    private async Task<double> CrowdedAsync(IPeer peer)
    {
        if (_crowded.Add(peer.Name))
        {
            var range = string.Create(CultureInfo.InvariantCulture, $"{FirstPort}-{FirstPort + Others - 1}");
            await peer.RunAsync("run", "-d", "--stop-signal", "KILL", "--name", Crowd, "-p", $"{range}:{range}", Image, "sleep", "10000");
        }

        return await StartAsync(peer, "-p", "30000:80");
    }
}
