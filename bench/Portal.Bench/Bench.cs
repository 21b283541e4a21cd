using Portal.Bench.Fleet;
using Portal.Bench.Peers;
using Portal.Bench.Reports;
using Portal.Bench.Rows;
using Portal.Bench.Ui;
using Portal.Testing;

namespace Portal.Bench;

/// <summary>
/// One area, <c>containers</c>, <c>images</c>, <c>builds</c> or <c>networks</c>: this engine beside dockerd and podman, on one machine, in
/// one run, in turn (A B C A B C ...), so that a machine whose speed drifts is unfair to nobody.
/// </summary>
public static class Bench
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        var options = BenchOptions.Parse(arguments);
        if (options.Area is "fleet" or "ui")
        {
            return await (options.Area == "fleet" ? FleetBench.RunAsync(options) : UiBench.RunAsync(options));
        }

        await using var folders = new TestInstance();
        var isAboutImages = options.Area == "images";
        var archive = await BusyboxArchive.WriteAsync(folders.TempPath("busybox.tar"));
        await using var image = isAboutImages
            ? await BenchImage.MakeAsync(folders.TempRoot, options.Layers, options.LayerBytes)
            : null;
        var grown = new List<BenchImage>();
        var peers = new List<IPeer>();
        PortalPeer? runc = null;
        var networks = new NetworkRows(options);
        try
        {
            foreach (var bytes in isAboutImages ? options.GrownLayerBytes : [])
            {
                grown.Add(await BenchImage.MakeAsync(folders.TempRoot, options.GrownLayers, bytes));
            }

            // The registry listens on this machine's loopback address, which is another one in a namespace.
            await StartAsync(peers, new PortalPeer(options.Agent, !isAboutImages, tellsTimes: options.Area == "networks"), archive);
            if (!options.Smoke && !options.Alone)
            {
                await StartAsync(peers, new DockerPeer(!isAboutImages), archive);
                await StartAsync(peers, new PodmanPeer(!isAboutImages), archive);
            }

            if (options.Area == "containers")
            {
                runc = new PortalPeer(options.Agent, isApart: true, runtime: "runc");
                await StartAsync(runc, archive);
            }

            var rows = new List<RowResult>();
            foreach (var row in Rows(options, image, grown, networks, folders.TempRoot, runc)
                .Where(row => row.Name.Contains(options.Rows, StringComparison.OrdinalIgnoreCase)))
            {
                Console.WriteLine($"bench: {row.Name}");
                rows.Add(await Measuring.MeasureAsync(row, peers));
            }

            if (rows.Count == 0)
            {
                Console.Error.WriteLine($"bench: no row of the area {options.Area} has '{options.Rows}' in its name");
                return 1;
            }

            var report = new Report(
                await Machine.DescribeAsync(), peers.ToDictionary(peer => peer.Name, peer => peer.Version), rows);
            await report.WriteAsync(options);
            Console.WriteLine(report.ToTable());
            return 0;
        }
        finally
        {
            await networks.DisposeAsync();
            foreach (var peer in peers)
            {
                await peer.DisposeAsync();
            }

            await (runc?.DisposeAsync() ?? ValueTask.CompletedTask);
            foreach (var made in grown)
            {
                await made.DisposeAsync();
            }
        }
    }

    private static IEnumerable<Row> Rows(
        BenchOptions options, BenchImage? image, IReadOnlyList<BenchImage> grown, NetworkRows networks, string folder, IPeer? runc) =>
        image is not null ? ImageRows.All(options, image, folder).Concat(MemoryRows.All(grown, folder))
        : options.Area == "networks" ? networks.All()
        : options.Area == "builds" ? new BuildRows(options, folder).All()
        : ContainerRows.All(options, runc);

    // A peer that is not there or does not start keeps its column: each of its rows says why it is empty.
    private static Task StartAsync(List<IPeer> peers, IPeer peer, string archive)
    {
        peers.Add(peer);
        return StartAsync(peer, archive);
    }

    private static async Task StartAsync(IPeer peer, string archive)
    {
        try
        {
            await peer.StartAsync();
            await peer.RunAsync("load", "-i", archive);
        }
        catch (Exception failure) when (peer.Name != "portal")
        {
            peer.Unavailable = failure.Message.Split('\n')[0];
            Console.WriteLine($"bench: {peer.Name} is left out: {peer.Unavailable}");
        }
    }
}
