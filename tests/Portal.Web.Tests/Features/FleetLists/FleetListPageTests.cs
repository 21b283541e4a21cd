using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Portal.Contracts.Hubs;
using Portal.Testing;
using Portal.Web.Access;
using Portal.Web.Components.Shared;
using Portal.Web.Features.Containers;
using Portal.Web.Features.Containers.Listing;
using Portal.Web.Features.FleetLists.Groups;
using Portal.Web.Features.FleetLists.Preferences;
using Portal.Web.Features.FleetLists.Views;
using Portal.Web.Features.Updates;
using Portal.Web.Nodes;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.FleetLists;

/// <summary>What all lists over all nodes do, by that of containers: the one whose rows need no call.</summary>
public sealed class FleetListPageTests
{
    private readonly FakeFleet _fleet = new();
    private readonly RememberedColumns _columns = new();
    private readonly RememberedViews _views = new();

    [Fact]
    public async Task Views_TheDefault_IsWhatAnEmptyAddressBeginsWith()
    {
        _fleet.Set(Node("edge", ("web", "running"), ("job", "exited")), Node("core", ("old", "exited")));
        _views.Add("ended", "sort=-name&state=exited", isDefault: true, "image");

        var (host, navigation) = await OpenAsync("containers");
        Assert.Equal(["old", "job"], await NamesAsync(host));
        Assert.DoesNotContain("Image", await HeadersAsync(host));
        await ArriveAsync(host, navigation);
        Assert.Contains("state=exited", navigation.Shown, StringComparison.Ordinal);

        var (whole, _) = await OpenAsync("containers?all=1");
        Assert.Equal(3, (await NamesAsync(whole)).Count);
        Assert.Contains("Image", await HeadersAsync(whole));
    }

    [Fact]
    public async Task Views_Opened_ReplaceWhatWasSearchedFor()
    {
        _fleet.Set(Node("edge", ("web", "running"), ("job", "exited")));
        _views.Add("of jobs", "q=job");
        var (host, navigation) = await OpenAsync("containers?q=web&sort=-name");

        var elements = await host.DoAsync(page => page.Elements());
        await host.RaiseAsync(elements.Single(element => element.Name == "button" && Words(element) is ["of", "jobs"]), "onclick", null);

        Assert.Equal(["job"], await NamesAsync(host));
        await ArriveAsync(host, navigation);
        Assert.Equal("containers?q=job", navigation.Shown);
    }

    [Fact]
    public async Task Filter_TwoBeforeTheBrowserAnswered_AreBothInTheAddressAndInTheList()
    {
        _fleet.Set(Node("edge", ("web", "running"), ("job", "exited")), Node("core", ("web2", "running"), ("old", "exited")));
        var (host, navigation) = await OpenAsync("containers");

        await host.RaiseAsync(host.Find("aria-label", "Search"), "oninput", "web");
        await host.RaiseAsync(host.Find("aria-label", "Node"), "onchange", "core");
        await host.RaiseAsync(host.Find("aria-label", "State"), "onchange", "running");
        Assert.Equal(["web2"], await NamesAsync(host));
        while (navigation.Waiting > 0)
        {
            await host.Dispatcher.InvokeAsync(navigation.Arrive);
            Assert.Equal(["web2"], await NamesAsync(host));
        }

        Assert.Equal("containers?q=web&node=core&state=running", navigation.Shown);
        await host.Dispatcher.InvokeAsync(() => navigation.Follow("containers?state=exited"));
        Assert.Equal(["job", "old"], await NamesAsync(host));
    }

    [Fact]
    public async Task Filter_TypedWordByWord_NeitherLosesABlankNorIsUndoneByItsOwnEcho()
    {
        _fleet.Set(Node("edge", ("web", "running"), ("job", "exited")));
        var (host, navigation) = await OpenAsync("containers");

        foreach (var typed in new[] { "w", "we", "we ", "web", "web " })
        {
            await host.RaiseAsync(host.Find("aria-label", "Search"), "oninput", typed);
        }

        while (navigation.Waiting > 0)
        {
            await host.Dispatcher.InvokeAsync(navigation.Arrive);
            Assert.Equal("web ", (await host.DoAsync(page => page.Find("aria-label", "Search"))).Attributes["value"]);
        }

        Assert.Equal("containers?q=web", navigation.Shown);
        Assert.Equal(["web"], await NamesAsync(host));
    }

    [Fact]
    public async Task Sort_HeaderPressed_IsToldToScreenReadersAndTurnsRound()
    {
        _fleet.Set(Node("edge", ("b", "running"), ("a", "exited"), ("c", "created")));
        var (host, navigation) = await OpenAsync("containers");
        Assert.Equal("ascending", await SortOfAsync(host, "Name"));

        await PressAsync(host, "State");
        Assert.Equal((null, "ascending"), (await SortOfAsync(host, "Name"), await SortOfAsync(host, "State")));
        Assert.Equal(["c", "a", "b"], await NamesAsync(host));
        await PressAsync(host, "State");

        Assert.Equal("descending", await SortOfAsync(host, "State"));
        Assert.Equal(["b", "a", "c"], await NamesAsync(host));
        await host.Dispatcher.InvokeAsync(navigation.Arrive);
        await host.Dispatcher.InvokeAsync(navigation.Arrive);
        Assert.Equal("containers?sort=-state", navigation.Shown);
    }

    [Fact]
    public async Task Grouped_ByNode_HasAHeadingBeforeTheRowsOfEach()
    {
        _fleet.Set(Node("edge", ("b", "running"), ("d", "running")), Node("core", ("c", "running"), ("a", "running")));
        var (host, navigation) = await OpenAsync("containers");

        await host.RaiseAsync(host.Find("aria-label", "Groups"), "onchange", "Node");

        var lines = (await host.DoAsync(page => page.Elements())).Where(element => IsHeading(element) || IsName(element));
        Assert.Equal(["core 2", "a", "c", "edge 2", "b", "d"], lines.Select(line => string.Join(' ', Words(line))));
        await host.Dispatcher.InvokeAsync(navigation.Arrive);
        Assert.Equal("containers?group=node", navigation.Shown);
    }

    [Fact]
    public async Task Grouped_ByStack_StandsTogetherOverNodesAndWhatHasNoneComesLast()
    {
        _fleet.Set(
            InStacks(Node("edge", ("b", "running"), ("d", "running")), ("b", "shop"), ("d", "")),
            InStacks(Node("core", ("c", "running"), ("a", "running")), ("c", "shop"), ("a", "blog")));
        var (host, navigation) = await OpenAsync("containers");

        await host.RaiseAsync(host.Find("aria-label", "Groups"), "onchange", "Stack");

        Assert.Equal(["blog 1", "a", "shop 2", "b", "c", "In no stack 1", "d"], await LinesAsync(host));
        await ArriveAsync(host, navigation);
        Assert.Equal("containers?group=stack", navigation.Shown);
    }

    [Fact]
    public async Task Folded_OneGroupOrAll_HidesRowsAndIsKeptInTheAddressForAll()
    {
        _fleet.Set(Node("edge", ("b", "running"), ("d", "running")), Node("core", ("c", "running"), ("a", "running")));
        var (host, navigation) = await OpenAsync("containers?group=node");

        await FoldAsync(host, "core");
        Assert.Equal(["core 2", "edge 2", "b", "d"], await LinesAsync(host));
        await FoldAsync(host, "core");
        Assert.Equal(["core 2", "a", "c", "edge 2", "b", "d"], await LinesAsync(host));
        await host.RaiseAsync(host.Find("aria-pressed", "false"), "onclick", null);
        Assert.Equal(["core 2", "edge 2"], await LinesAsync(host));
        await FoldAsync(host, "edge");
        Assert.Equal(["core 2", "edge 2", "b", "d"], await LinesAsync(host));

        await ArriveAsync(host, navigation);
        Assert.Equal("containers?group=node&folded=1", navigation.Shown);
        var (next, _) = await OpenAsync("containers?group=node&folded=1");
        Assert.Equal(["core 2", "edge 2"], await LinesAsync(next));
        await host.RaiseAsync(host.Find("aria-label", "Groups"), "onchange", "None");
        Assert.Equal(["a", "b", "c", "d"], await LinesAsync(host));
    }

    [Fact]
    public async Task Selected_Several_OfferOnlyWhatSuitsSomeOfThemAndHowMany()
    {
        _fleet.Set(Node("edge", ("web", "running"), ("job", "exited"), ("old", "exited")));
        var (host, _) = await OpenAsync("containers", BuiltInRoles.Administrator);

        await host.RaiseAsync(host.Find("aria-label", "Select web"), "onchange", true);
        await host.RaiseAsync(host.Find("aria-label", "Select job"), "onchange", true);

        Assert.Equal("Start (1)", (await host.DoAsync(page => page.Find("aria-label", "Start the selected containers"))).Text.Replace("play_arrow", "").Trim());
        Assert.Equal("Stop (1)", (await host.DoAsync(page => page.Find("aria-label", "Stop the selected containers"))).Text.Replace("stop", "").Trim());
        Assert.Equal("Remove", (await host.DoAsync(page => page.Find("aria-label", "Remove the selected containers"))).Text.Replace("delete", "").Trim());
        Assert.DoesNotContain(
            await host.DoAsync(page => page.Elements()),
            element => element.Attributes.GetValueOrDefault("aria-label") is "Unpause the selected containers");
    }

    [Fact]
    public async Task Columns_OneTakenAway_IsGoneThereAndOnTheNextVisit()
    {
        _fleet.Set(Node("edge", ("web", "running")), Node("core", ("db", "running")));
        var (host, _) = await OpenAsync("containers");
        Assert.Equal(["Name", "State", "Image", "Ports", "Node", "Created"], await HeadersAsync(host));

        await host.RaiseAsync(host.Find("data-column", "ports"), "onchange", false);
        await host.RaiseAsync(host.Find("data-column", "created"), "onchange", false);
        Assert.Equal(["Name", "State", "Image", "Node"], await HeadersAsync(host));
        var (next, _) = await OpenAsync("containers");

        Assert.Equal(["Name", "State", "Image", "Node"], await HeadersAsync(next));
        Assert.DoesNotContain(
            await next.DoAsync(page => page.Elements()), element => element.Attributes.GetValueOrDefault("data-column") is "name");
        await next.RaiseAsync(next.Find("data-column", "ports"), "onchange", true);
        Assert.Equal(["Name", "State", "Image", "Ports", "Node"], await HeadersAsync(next));
    }

    [Fact]
    public async Task TwentyThousandRows_OfAHundredNodes_DrawOnlyWhatIsInView()
    {
        var nodes = Enumerable.Range(0, 100).Select(node => Node(
            $"node-{node:D3}",
            [.. Enumerable.Range(0, 200).Select(number => ($"app-{node:D3}-{number:D3}", number % 4 == 0 ? "exited" : "running"))]));
        _fleet.Set([.. nodes]);
        var (host, _) = await OpenAsync("containers");
        await host.ScrollAsync(first: 0, rows: 20_000);

        var atTop = await NamesAsync(host);
        Assert.InRange(atTop.Count, BrowserWindow.ViewedRows, 3 * BrowserWindow.ViewedRows);
        Assert.Equal("app-000-000", atTop[0]);

        await host.ScrollAsync(first: 10_000, rows: 20_000);
        var inTheMiddle = await NamesAsync(host);
        Assert.InRange(inTheMiddle.Count, BrowserWindow.ViewedRows, 3 * BrowserWindow.ViewedRows);
        Assert.Contains("app-050-000", inTheMiddle);

        await host.RaiseAsync(host.Find("aria-label", "Search"), "oninput", "app-07");
        await host.RaiseAsync(host.Find("aria-label", "State"), "onchange", "exited");
        await host.ScrollAsync(first: 0, rows: 500);
        var found = await NamesAsync(host);
        Assert.InRange(found.Count, BrowserWindow.ViewedRows, 3 * BrowserWindow.ViewedRows);
        Assert.All(found, name => Assert.StartsWith("app-07", name, StringComparison.Ordinal));
        Assert.Equal("app-070-000", found[0]);
    }

    private static NodeState Node(string name, params (string Name, string State)[] containers) => new()
    {
        Id = Guid.CreateVersion7(),
        Name = name,
        Presence = NodePresence.Online,
        Containers = containers
            .Select(container => new ContainerView
            {
                Id = $"{name}-{container.Name}",
                Name = container.Name,
                State = container.State,
                Image = "busybox",
                Created = DateTimeOffset.UnixEpoch,
                Ports = [],
                Labels = new Dictionary<string, string>(),
            })
            .ToImmutableDictionary(container => container.Id),
    };

    private static NodeState InStacks(NodeState node, params (string Container, string Stack)[] stacks) => node with
    {
        Containers = stacks.Aggregate(node.Containers, (containers, pair) =>
        {
            var container = containers[$"{node.Name}-{pair.Container}"];
            var labels = new Dictionary<string, string> { [ListGroup.StackLabel] = pair.Stack };
            return containers.SetItem(container.Id, container with { Labels = labels });
        }),
    };

    private static async Task<List<string>> LinesAsync(PageHost host) => [.. (await host.DoAsync(page => page.Elements()))
        .Where(element => IsHeading(element) || IsName(element))
        .Select(line => string.Join(' ', Words(line)))];

    private static async Task FoldAsync(PageHost host, string group)
    {
        var elements = await host.DoAsync(page => page.Elements());
        await host.RaiseAsync(
            elements.Single(element => element.Attributes.GetValueOrDefault("class") is "p-fold" && Words(element) is [var name] && name == group),
            "onclick", null);
    }

    private static bool IsName(DrawnElement element) =>
        element is { Name: "a" } && element.Attributes.GetValueOrDefault("class") is "p-strong";

    private static bool IsHeading(DrawnElement element) => element.Attributes.GetValueOrDefault("scope") is "rowgroup";

    private static async Task<List<string>> NamesAsync(PageHost host) =>
        [.. (await host.DoAsync(page => page.Elements())).Where(IsName).Select(element => element.Text.Trim())];

    private static string[] Words(DrawnElement element) =>
        element.Text.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries);

    private static async Task<List<string>> HeadersAsync(PageHost host) => [.. (await host.DoAsync(page => page.Elements()))
        .Where(element => element.Attributes.GetValueOrDefault("class") is "p-sort")
        .Select(element => Words(element)[0])];

    private static async Task<object?> SortOfAsync(PageHost host, string title) => (await host.DoAsync(page => page.Elements()))
        .Single(element => element.Name == "th" && IsTitled(element, title)).Attributes.GetValueOrDefault("aria-sort");

    private static bool IsTitled(DrawnElement element, string title) => Words(element) is [var word, ..] && word == title;

    private static async Task PressAsync(PageHost host, string title)
    {
        var elements = await host.DoAsync(page => page.Elements());
        var header = elements.Single(element => element.Name == "button" && IsTitled(element, title));
        await host.RaiseAsync(header, "onclick", null);
    }

    private static async Task ArriveAsync(PageHost host, SlowNavigation navigation)
    {
        while (navigation.Waiting > 0)
        {
            await host.Dispatcher.InvokeAsync(navigation.Arrive);
        }
    }

    private async Task<(PageHost Host, SlowNavigation Navigation)> OpenAsync(string address, string role = BuiltInRoles.Viewer)
    {
        var access = new EffectiveAccess([(role, null)]);
        var (host, _, navigation) = await PageHost.OpenAsync<ContainersPage>(
            address,
            _fleet,
            access,
            services => services
                .AddSingleton<FleetContainers>()
                .AddSingleton<ContainerRows>()
                .AddSingleton<ImageUpdates>()
                .AddSingleton<IColumnPreferences>(_columns)
                .AddSingleton<ISavedViews>(_views)
                .AddSingleton(_ => new ContainerCommands(null!))
                .AddSingleton<Confirmations>());
        await Eventually.HoldsAsync(() => _fleet.Watchers > 0);
        await host.ScrollAsync(first: 0, rows: 0);
        return (host, navigation);
    }

    private sealed class RememberedColumns : IColumnPreferences
    {
        private readonly Dictionary<string, IReadOnlyList<string>> _hidden = [];

        public Task<IReadOnlyList<string>?> ReadAsync(Guid personId, string list, CancellationToken cancellationToken) =>
            Task.FromResult(_hidden.GetValueOrDefault(list));

        public Task WriteAsync(Guid personId, string list, IReadOnlyList<string> hidden, CancellationToken cancellationToken)
        {
            _hidden[list] = hidden;
            return Task.CompletedTask;
        }
    }
}
