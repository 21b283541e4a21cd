using System.Diagnostics;
using Portal.Bench.Reports;
using Portal.Testing;
using Portal.Testing.Databases;

namespace Portal.Bench.Fleet;

/// <summary>
/// A portal with many simulated nodes: what it takes of the machine, how soon its pages answer, and how soon all are back when it was
/// started anew. Whoever calls this decides which processors all of it runs on.
/// </summary>
internal static class FleetBench
{
    private static readonly string[] s_pages = ["/", "/nodes", "/containers", "/images", "/volumes", "/networks"];

    public static async Task<int> RunAsync(BenchOptions options)
    {
        await using var folders = new TestInstance();
        var database = await (await PostgresCluster.SharedAsync).CreateDatabaseAsync();
        await using var portal = new FleetPortal(options.Web, database, folders);
        await portal.StartAsync();
        await using var nodes = new FleetNodes(options.Simulation, portal.Address, database, options.FleetNodes, options.FleetContainers);
        var figures = new Figures();

        var watch = Stopwatch.StartNew();
        await nodes.OnlineAsync();
        figures.Add("all nodes join and are online", watch.Elapsed.TotalSeconds, "s", null);
        await Task.Delay(options.FleetWindow / 2);

        var before = (Portal: portal.ProcessorTime, Nodes: nodes.ProcessorTime, Elapsed: watch.Elapsed);
        await Task.Delay(options.FleetWindow);
        var seconds = (watch.Elapsed - before.Elapsed).TotalSeconds;
        figures.Add("portal, processor", (portal.ProcessorTime - before.Portal).TotalSeconds / seconds, "cores", 1);
        figures.Add("portal, memory", portal.ResidentMegabytes, "MB", 1024);
        figures.Add("simulation, processor", (nodes.ProcessorTime - before.Nodes).TotalSeconds / seconds, "cores", null);

        await AskPagesAsync(portal, options.FleetRounds, figures);
        await ListFigures.SearchAsync(portal, options, options.FleetNodes * options.FleetContainers, figures);
        figures.Add("portal, memory after the pages", portal.ResidentMegabytes, "MB", 1024);

        await portal.StopAsync();
        await nodes.OfflineAsync();
        watch.Restart();
        await portal.StartAsync();
        await nodes.OnlineAsync();
        figures.Add("all nodes are back after a start of the portal", watch.Elapsed.TotalSeconds, "s", 30);
        figures.Add("portal, largest memory", portal.LargestMegabytes, "MB", 1024);
        await portal.StopAsync();
        await nodes.DisposeAsync();
        await ListFigures.MeasureAsync(options, figures);
        var report = new FigureReport(
            "fleet",
            "PostgreSQL, portal and simulation share the processors that they are bound to. "
                + $"{options.FleetNodes:N0} simulated nodes with "
                + $"{options.FleetContainers} containers each; counters every 5 s; 1 % of the containers changes each minute.",
            figures.All);
        await report.WriteAsync(options);
        Console.WriteLine(report.ToTable());
        return 0;
    }

    private static async Task AskPagesAsync(FleetPortal portal, int rounds, Figures figures)
    {
        using var person = await portal.SignInAsync();
        var all = new List<double>();
        foreach (var page in s_pages)
        {
            var times = new List<double>();
            for (var round = 0; round <= rounds; round++)
            {
                var watch = Stopwatch.StartNew();
                using var answer = await person.GetAsync(page);
                answer.EnsureSuccessStatusCode();
                await answer.Content.ReadAsByteArrayAsync();
                if (round > 0)
                {
                    times.Add(watch.Elapsed.TotalMilliseconds);
                }
            }

            all.AddRange(times);
            figures.AddShare($"page {page}", times, 0.95, 300);
        }

        figures.AddShare("all pages", all, 0.95, 300);
    }
}
