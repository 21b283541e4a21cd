using Microsoft.Playwright;
using Portal.Bench.Reports;
using Portal.Testing.Images;
using Portal.Testing.Up;

namespace Portal.Bench.Ui;

/// <summary>What a person in front of the dashboard waits for, in Debian's Chromium on the machine of the portal and its one node.</summary>
internal static class UiBench
{
    private static readonly string[] s_pages = ["/", "/nodes", "/containers", "/images", "/volumes", "/networks"];
    private static readonly string[] s_menu = ["Containers", "Images", "Volumes", "Networks", "Nodes"];

    public static async Task<int> RunAsync(BenchOptions options)
    {
        await using var portal = await PortalUp.StartNewAsync();
        await portal.DockerAsync("load", "-i", await BusyboxImages.WriteDockerArchiveAsync(Path.Combine(portal.Temp, "busybox.tar")));
        await using var teller = await LogTeller.StartAsync(portal);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await UiBrowser.OpenAsync(playwright, new Uri(portal.Url), PortalUp.AdminPassword);
        var figures = new Figures();

        await MeasurePagesAsync(browser, options.UiRounds, figures);
        var container = await browser.FindAsync("/containers", LogTeller.Name);
        await MeasureKeysAsync(browser, container, options.UiKeys, figures);
        await MeasureLinesAsync(browser, container, teller, options.UiLines, figures);

        var report = new FigureReport(
            "ui", "The browser, the portal, PostgreSQL, the agent and its containers share the machine; pages are loaded whole, "
                + "with a warm cache where nothing else is said, until they take input.", figures.All);
        await report.WriteAsync(options);
        Console.WriteLine(report.ToTable());
        return 0;
    }

    private static async Task MeasurePagesAsync(UiBrowser browser, int rounds, Figures figures)
    {
        var all = new List<double>();
        foreach (var page in s_pages)
        {
            // The first fills the browser's cache.
            await browser.LoadAsync(page);
            var times = await RepeatAsync(rounds, () => browser.LoadAsync(page));
            figures.AddShare($"page {page}", times, 0.5, null);
            all.AddRange(times);
        }

        figures.AddShare("all pages", all, 0.95, null);
        var paints = new List<double>();
        foreach (var page in s_pages)
        {
            paints.AddRange(await RepeatAsync(Math.Max(1, rounds / 4), () => browser.FirstPaintAsync(page)));
        }

        figures.AddShare("first content of a page, with an empty cache", paints, 0.95, 1000);
        var changes = new List<double>();
        for (var round = 0; round <= rounds; round++)
        {
            foreach (var title in s_menu)
            {
                var time = await browser.ChangeAsync(title);
                if (round > 0)
                {
                    changes.Add(time);
                }
            }
        }

        figures.AddShare("change of page by the menu", changes, 0.5, null);
        figures.AddShare("change of page by the menu", changes, 0.95, null);
    }

    private static async Task MeasureKeysAsync(UiBrowser browser, string container, int keys, Figures figures)
    {
        await browser.OpenConsoleAsync(container);
        var times = await RepeatAsync(keys, browser.TypeAsync);
        figures.AddShare("a key in a console, until it is shown", times, 0.5, null);
        figures.AddShare("a key in a console, until it is shown", times, 0.99, 20);
    }

    private static async Task MeasureLinesAsync(UiBrowser browser, string container, LogTeller teller, int lines, Figures figures)
    {
        await browser.OpenLogAsync(container);

        // The first is waited for, not measured: from then on the page follows.
        await browser.ShownAsync(await teller.TellAsync());
        var times = await RepeatAsync(lines, async () =>
        {
            var line = await teller.TellAsync();
            return await browser.ShownAsync(line) - line.At;
        });
        figures.AddShare("a line of a log, until it is shown", times, 0.5, null);
        figures.AddShare("a line of a log, until it is shown", times, 0.99, 150);
    }

    private static async Task<List<double>> RepeatAsync(int rounds, Func<Task<double>> measure)
    {
        var times = new List<double>();
        for (var round = 0; round < rounds; round++)
        {
            times.Add(await measure());
        }

        return times;
    }
}
