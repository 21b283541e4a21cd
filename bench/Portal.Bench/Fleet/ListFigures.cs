using Microsoft.Playwright;
using Portal.Bench.Reports;
using Portal.Bench.Ui;
using Portal.Testing;
using Portal.Testing.Databases;

namespace Portal.Bench.Fleet;

/// <summary>What a person in front of the list of all containers waits for, in a browser on the processors of all the rest.</summary>
internal static class ListFigures
{
    private const int Reached = 200;

    /// <summary>A portal and nodes of its own, with as many containers as the targets name: searches, filters, orders, groups, and scrolling.</summary>
    public static async Task MeasureAsync(BenchOptions options, Figures figures)
    {
        await using var folders = new TestInstance();
        var database = await (await PostgresCluster.SharedAsync).CreateDatabaseAsync();
        await using var portal = new FleetPortal(options.Web, database, folders);
        await portal.StartAsync();
        await using var nodes = new FleetNodes(options.Simulation, portal.Address, database, options.ListNodes, options.FleetContainers);
        await nodes.OnlineAsync();
        await Task.Delay(options.FleetWindow / 4);
        var containers = options.ListNodes * options.FleetContainers;
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await UiBrowser.OpenAsync(playwright, portal.Address, FleetPortal.Password);
        await SearchAsync(browser, options, options.ListNodes, containers, figures);
        await ChangeAsync(browser, options, containers, figures);
        await ScrollAsync(browser, options, containers, figures);
    }

    /// <summary>One search after another in a list that is open, as somebody types.</summary>
    public static async Task SearchAsync(FleetPortal portal, BenchOptions options, int containers, Figures figures)
    {
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await UiBrowser.OpenAsync(playwright, portal.Address, FleetPortal.Password);
        await SearchAsync(browser, options, options.FleetNodes, containers, figures);
    }

    private static async Task SearchAsync(UiBrowser browser, BenchOptions options, int nodes, int containers, Figures figures)
    {
        await browser.OpenListAsync("/containers");
        var times = await RepeatAsync(options.ListRounds, round => browser.SearchAsync($"sim-{1 + (round % nodes):0000}-"));
        var name = $"a search in the list of {containers:N0} containers, until a browser shows it";
        figures.AddShare(name, times, 0.5, null);
        figures.AddShare(name, times, 0.95, Reached);
    }

    private static async Task ChangeAsync(UiBrowser browser, BenchOptions options, int containers, Figures figures)
    {
        await browser.OpenListAsync("/containers");
        var what = $"of {containers:N0} containers, until a browser shows it";
        figures.AddShare(
            $"a node chosen {what}",
            await RepeatAsync(options.ListRounds, round => browser.ChooseNodeAsync($"sim-{1 + (round % options.ListNodes):0000}")), 0.95, Reached);
        await browser.OpenListAsync("/containers");
        figures.AddShare($"another order {what}", await RepeatAsync(options.ListRounds, _ => browser.SortAsync("Name")), 0.95, null);
        figures.AddShare(
            $"grouped by node or not {what}",
            await RepeatAsync(options.ListRounds, round => browser.GroupAsync(round % 2 == 0 ? "Node" : "None")), 0.95, null);
    }

    // By a wheel that is turned fast, a hundred rows a second and more, and by the bar at the side.
    private static async Task ScrollAsync(UiBrowser browser, BenchOptions options, int containers, Figures figures)
    {
        await browser.OpenListAsync("/containers");
        var what = $"scrolling in the list of {containers:N0} containers";
        await browser.ScrollAsync(100, options.ListTurns / 10);
        var (frames, filled) = await browser.ScrollAsync(100, options.ListTurns);
        figures.AddShare($"{what}, from picture to picture", [.. frames], 0.5, null);
        figures.AddShare($"{what}, from picture to picture", [.. frames], 0.95, null);
        figures.Add($"{what}, the longest time from picture to picture", frames.Max(), "ms", null);
        figures.Add($"{what}, pictures with a row in the middle", filled * 100, "%", null);
        var jumps = await RepeatAsync(options.ListRounds, round => browser.JumpAsync(((round * 7) % 11) / 11.0));
        figures.AddShare($"{what} to anywhere, until its rows are shown", jumps, 0.95, Reached);
    }

    private static async Task<List<double>> RepeatAsync(int rounds, Func<int, Task<double>> measure)
    {
        var times = new List<double>();
        for (var round = 0; round <= rounds; round++)
        {
            var time = await measure(round);
            if (round > 0)
            {
                times.Add(time);
            }
        }

        return times;
    }
}
