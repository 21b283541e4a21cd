using System.Collections.Immutable;
using Portal.Contracts.Hubs;
using Portal.Web.Access;
using Portal.Web.Features.Containers.Listing;
using Portal.Web.Features.FleetLists.Groups;
using Portal.Web.Features.Updates;
using Portal.Web.Nodes;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.Containers;

public sealed class ContainerRowsTests
{
    private readonly FakeFleet _fleet = new();
    private readonly ContainerRows _rows;

    public ContainerRowsTests() => _rows = new ContainerRows(_fleet, new ImageUpdates());

    [Fact]
    public void Current_ManyChanges_IsAlwaysWhatSortingAllOfItWouldGive()
    {
        // The same each time: a failure can be looked at.
        var random = new Random(7);
        var nodes = Enumerable.Range(0, 12).Select(number => Node($"node-{number % 5}", random)).ToList();
        _fleet.Set([.. nodes]);
        Check();
        for (var round = 0; round < 200; round++)
        {
            var at = random.Next(nodes.Count);
            switch (random.Next(6))
            {
                case 0:
                    _fleet.Remove(nodes[at].Id);
                    nodes.RemoveAt(at);
                    nodes.Add(Node($"node-{random.Next(5)}", random));
                    _fleet.Set(nodes[^1]);
                    break;
                case 1:
                    _fleet.Set(nodes[at] = nodes[at] with { Presence = 1 - nodes[at].Presence });
                    break;
                case 2:
                    _fleet.Set(nodes[at] = nodes[at] with { Name = $"node-{random.Next(5)}" });
                    break;
                default:
                    var other = random.Next(nodes.Count);
                    nodes[at] = nodes[at] with { Containers = Containers(random) };
                    nodes[other] = nodes[other] with { Containers = Containers(random) };
                    _fleet.Set(nodes[at], nodes[other]);
                    break;
            }

            Check();
        }
    }

    [Fact]
    public void Current_NothingOfTheContainersChanged_IsTheSameObject()
    {
        var node = Node("edge", new Random(1));
        _fleet.Set(node);
        var before = _rows.Current;

        _fleet.Set(node with { Latency = TimeSpan.FromSeconds(1) });

        Assert.Same(before, _rows.Current);
    }

    [Fact]
    public void Current_OneContainerChanged_TheRowsOfOthersAreTheSameObjects()
    {
        var random = new Random(6);
        var (node, other) = (Node("edge", random) with { Containers = Containers(random, 20) }, Node("core", random));
        _fleet.Set(node, other);
        var before = _rows.Current.Rows.ToDictionary(row => row.Key);
        var changed = node.Containers.Values.First();

        _fleet.Set(node with { Containers = node.Containers.SetItem(changed.Id, changed with { State = "paused" }) });
        var after = _rows.Current.Rows;

        Assert.Equal(before.Count, after.Length);
        Assert.All(after, row => Assert.Equal(row.Container.Id != changed.Id, ReferenceEquals(before[row.Key], row)));
        Assert.Equal("paused", after.Single(row => row.Container.Id == changed.Id).Container.State);
    }

    [Fact]
    public void Matches_AnyText_IsWhatLookingThroughEachPartFinds()
    {
        var random = new Random(8);
        string Word() => new([.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => "abAB=-"[random.Next(6)])]);
        for (var round = 0; round < 2000; round++)
        {
            // Some have so many labels that they are looked through where they are.
            var padding = new string('x', random.Next(2) * 600);
            var container = new ContainerView
            {
                Id = $"{random.NextInt64():x16}", Name = Word(), Image = Word(), State = "running", Ports = [Word(), Word()],
                Labels = new Dictionary<string, string> { [Word() + "1"] = Word(), [Word() + "2"] = padding + Word() },
            };
            var row = new ContainerRow(Node("edge", random), container, ImageUpdate.Unknown);
            var search = random.Next(4) == 0 ? container.Id[..random.Next(1, 9)] : Word();
            bool Has(string text) => text.Contains(search, StringComparison.OrdinalIgnoreCase);

            var expected = Has(container.Name) || Has(container.Image) || container.Ports.Any(Has)
                || container.Id.StartsWith(search, StringComparison.OrdinalIgnoreCase)
                || container.Labels.Any(label => Has($"{label.Key}={label.Value}"));
            Assert.True(expected == row.Matches(search), $"'{search}' in {container}");
        }
    }

    [Fact]
    public void Update_NodeThatMayNotBeSeen_HasNoRowsWhateverTheirNumbersAre()
    {
        var (own, foreign) = (Node("own", new Random(1)), Node("foreign", new Random(2)));
        _fleet.Set(own);
        var list = new FleetContainers(_rows);
        list.Update([own], EffectiveAccess.None);
        Assert.Equal(own.Containers.Count, list.Rows.Count);

        // As many nodes as the page has, but other ones: the page has not heard of it yet.
        _fleet.Remove(own.Id);
        _fleet.Set(foreign);
        list.Update([own], EffectiveAccess.None);

        Assert.Empty(list.Rows);
        var version = list.Version;
        list.Update([], EffectiveAccess.None);
        Assert.Empty(list.Rows);
        list.Update([foreign], EffectiveAccess.None);
        Assert.Equal(foreign.Containers.Count, list.Rows.Count);
        Assert.True(list.Version > version);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("-name")]
    [InlineData("state")]
    [InlineData("-state")]
    [InlineData("node")]
    [InlineData("-created")]
    public void FromOrder_AnyOrder_IsThatOfRowsInNone(string? sort)
    {
        var random = new Random(3);
        _fleet.Set([.. Enumerable.Range(0, 8).Select(number => Node($"node-{number % 3}", random))]);
        var all = _rows.Current.Rows;
        foreach (var grouping in Enum.GetValues<ListGrouping>())
        {
            var query = ContainerQuery.Read(null, null, null, sort).InGroups(grouping);
            var shuffled = all.ToArray();
            random.Shuffle(shuffled);

            Assert.Equal(query.InOrder(shuffled), query.FromOrder(all));
        }
    }

    [Fact]
    public void ChooseFrom_AnythingAskedFor_IsChosen()
    {
        _fleet.Set(Node("edge", new Random(4)), Node("core", new Random(5)));
        var all = _rows.Current.Rows;
        var none = ContainerQuery.Read(" ", null, null, null);

        Assert.Same(all, none.ChooseFrom(all));
        Assert.All(none.OnNode("edge").ChooseFrom(all), row => Assert.Equal("edge", row.NodeName));
        Assert.All((none with { State = "running" }).ChooseFrom(all), row => Assert.Equal("running", row.Container.State));
        Assert.Empty((none with { OnlyUpdates = true }).ChooseFrom(all));
        Assert.Empty((none with { Search = "no such thing" }).ChooseFrom(all));
    }

    private void Check()
    {
        var picture = _rows.Current;
        var expected = _fleet.Current.Nodes.Values
            .SelectMany(node => node.Containers.Values.Select(container => (node, container)))
            .OrderBy(pair => pair.container.Name, StringComparer.OrdinalIgnoreCase)
            .ThenBy(pair => pair.node.Name, StringComparer.OrdinalIgnoreCase)
            .ThenBy(pair => pair.container.Id, StringComparer.Ordinal)
            .Select(pair => (pair.node.Id, pair.node.Name, pair.node.Presence == NodePresence.Offline, pair.container));
        Assert.Equal(expected, picture.Rows.Select(row => (row.NodeId, row.NodeName, row.Stale, row.Container)));
        Assert.True(picture.Nodes.SetEquals(_fleet.Current.Nodes.Keys));
    }

    private static NodeState Node(string name, Random random) => new()
    {
        Id = Guid.CreateVersion7(), Name = name, Presence = NodePresence.Online, Containers = Containers(random),
    };

    // Names that many share, in letters of both sizes.
    private static ImmutableDictionary<string, ContainerView> Containers(Random random, int count = 0) => Enumerable
        .Range(0, count > 0 ? count : random.Next(1, 9))
        .Select(_ => new ContainerView
        {
            Id = $"{random.NextInt64():x16}",
            Name = $"{(char)((random.Next(2) == 0 ? 'a' : 'A') + random.Next(6))}pp",
            State = random.Next(2) == 0 ? "running" : "exited",
            Created = DateTimeOffset.UnixEpoch.AddDays(random.Next(4)),
            Labels = new Dictionary<string, string> { [ListGroup.StackLabel] = random.Next(3) == 0 ? "" : $"shop-{random.Next(3)}" },
        })
        .ToImmutableDictionary(container => container.Id);
}
