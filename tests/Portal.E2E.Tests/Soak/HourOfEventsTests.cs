using System.Globalization;
using Microsoft.Playwright;
using Portal.E2E.Tests.Browser;
using Portal.Testing.Up;
using Xunit.Abstractions;

namespace Portal.E2E.Tests.Soak;

/// <summary>
/// Pages that stay open while a fleet lives: 1,000 nodes with 50 containers each, of which one in a hundred changes each minute, tell of
/// 30,000 changes in an hour. As many come here from fewer nodes, in minutes.
/// </summary>
[Trait("Area", "soak")]
public sealed class HourOfEventsTests(BrowserFixture fixture, ITestOutputHelper output) : IClassFixture<BrowserFixture>
{
    private const int Nodes = 20;
    private const int Containers = 50;
    private const int Changes = 30_000;
    private const int ChangesEachMinute = 9_000;
    private const int Measurements = 6;

    [Theory]
    [InlineData("/", "Dashboard")]
    [InlineData("/containers", "Containers")]
    [InlineData("/events", "Events")]
    public async Task Page_OpenThroughAnHourOfEvents_HoldsNoMoreAtTheEnd(string address, string title)
    {
        await using var person = await fixture.OpenAsync();
        await person.GoAsync(address);
        await Assertions.Expect(person.Heading(title)).ToBeVisibleAsync();
        await person.ArrivedAsync();
        var database = $"Host={fixture.Portal.Run}/postgres;Username=postgres;Database=portal";
        await using var nodes = new FleetProcess(fixture.Portal.Url, database, Nodes, Containers, ChangesEachMinute);
        await PortalUp.WaitUntilAsync(
            () => Task.FromResult(nodes.Online == Nodes), TimeSpan.FromMinutes(2), () => $"all nodes are online, not {nodes.Online}");
        await person.Page.EvaluateAsync(
            """
            () => {
              window.updates = 0;
              new MutationObserver(() => window.updates++).observe(document.querySelector('main'),
                { childList: true, subtree: true, characterData: true, attributes: true });
            }
            """);

        var held = new List<PageMemory>();
        var server = new List<double>();
        for (var part = 1; part <= Measurements; part++)
        {
            var wanted = Changes * part / Measurements;
            await PortalUp.WaitUntilAsync(
                () => Task.FromResult(nodes.Changes >= wanted),
                TimeSpan.FromMinutes(5),
                () => $"the fleet has told of {wanted} changes, not of {nodes.Changes}");
            held.Add(await PageMemory.MeasureAsync(person.Page));
            server.Add(PortalMegabytes());
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{wanted} changes: {held[^1]}, portal {server[^1]:0} MB"));
        }

        // It was alive all the time, and is still.
        Assert.True(await person.Page.EvaluateAsync<int>("window.updates") > Measurements, "The page has not changed.");
        await person.ArrivedAsync();
        Assert.Empty(person.Errors);

        // The first part fills what is bounded: lists, caches, compiled code. From there on nothing grows.
        var (early, late) = (held[1], held[^1]);
        Assert.True(late.HeapBytes < (early.HeapBytes * 1.15) + 1_000_000, $"{early} has become {late}.");
        Assert.True(late.Nodes < (early.Nodes * 1.15) + 500, $"{early} has become {late}.");
        Assert.True(late.Listeners < (early.Listeners * 1.15) + 50, $"{early} has become {late}.");
        Assert.True(server[^1] < server[1] + 100, $"The portal grew from {server[1]:0} to {server[^1]:0} MB.");
    }

    private double PortalMegabytes()
    {
        var line = File.ReadLines($"/proc/{fixture.Portal.FindPart("Portal.Web.dll")}/status")
            .First(text => text.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split(['\t', ' '], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }
}
