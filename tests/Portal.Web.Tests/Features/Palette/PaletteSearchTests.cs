using System.Collections.Immutable;
using Portal.Contracts.Hubs;
using Portal.Data.Entities.Stacks;
using Portal.Web.Access;
using Portal.Web.Components.Layout;
using Portal.Web.Features.Palette;
using Portal.Web.Nodes;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.Palette;

public sealed class PaletteSearchTests
{
    private static readonly NodeState s_edge = FakeFleet.Node("edge-1");
    private static readonly NodeState s_core = FakeFleet.Node("core");

    [Fact]
    public void Find_NothingTyped_OffersThePagesOfTheMenuInOrder()
    {
        var entries = Find("", BuiltInRoles.Administrator);

        Assert.Equal(["Dashboard", "Nodes", "Environments"], entries.Take(3).Select(entry => entry.Title));
        Assert.Contains(entries, entry => entry.Title == "Audit");
    }

    [Fact]
    public void Find_PartOfAName_PutsTheContainerFirstWithWhatCanBeDone()
    {
        var entries = Find("web", BuiltInRoles.Administrator, s_edge);

        Assert.Equal("web", entries[0].Title);
        Assert.Equal($"/nodes/{s_edge.Id}/containers/{new string('a', 64)}", entries[0].Href);
        var titles = entries.Select(entry => entry.Title).ToList();
        Assert.Contains("Logs of web", titles);
        Assert.Contains("Console in web", titles);
        Assert.Contains("Restart web", titles);
        Assert.DoesNotContain("Start web", titles);
        Assert.Contains("Search images for “web”", titles);
    }

    [Fact]
    public void Find_VerbAndName_OffersThatFirst()
    {
        var restart = Find("restart web", BuiltInRoles.Administrator, s_edge)[0];
        var start = Find("job start", BuiltInRoles.Administrator, s_edge)[0];

        Assert.Equal((ContainerVerb.Restart, "web"), (restart.Change!.Value.Verb, restart.Change.Value.Container.Name));
        Assert.Equal((ContainerVerb.Start, "job"), (start.Change!.Value.Verb, start.Change.Value.Container.Name));
    }

    [Fact]
    public void Find_NameAndNode_LeavesOutOtherNodes()
    {
        var entries = Find("web edge", BuiltInRoles.Administrator, s_edge, s_core);

        Assert.Contains(s_edge.Id.ToString(), entries[0].Href, StringComparison.Ordinal);
        Assert.DoesNotContain(entries, entry => entry.Href?.Contains(s_core.Id.ToString(), StringComparison.Ordinal) == true);
    }

    [Fact]
    public void Find_ByAViewer_OffersNoChangeAndNoPageOfOthers()
    {
        var entries = Find("web", BuiltInRoles.Viewer, s_edge).Concat(Find("", BuiltInRoles.Viewer, s_edge)).ToList();

        Assert.DoesNotContain(entries, entry => entry.Change is not null);
        Assert.DoesNotContain(entries, entry => entry.Title is "Logs of web" or "Console in web" or "Run a container");
        Assert.DoesNotContain(entries, entry => entry.Title is "People" or "Audit");
        Assert.Contains(entries, entry => entry.Title == "web");
    }

    [Fact]
    public void Find_GrantOnOneNode_KnowsNothingOfTheOther()
    {
        var access = new EffectiveAccess([(BuiltInRoles.Administrator, s_core.Id)]);

        var entries = new PaletteSearch(FleetOf(s_edge, s_core), [], access).Find("e");

        Assert.Contains(entries, entry => entry.Title == "core");
        Assert.DoesNotContain(entries, entry => entry.Href?.Contains(s_edge.Id.ToString(), StringComparison.Ordinal) == true);
        Assert.DoesNotContain(entries, entry => entry.Change?.Container.NodeId == s_edge.Id);
    }

    [Fact]
    public void Find_NameOfAStack_OffersThoseOnNodesOfTheGrant()
    {
        Stack[] stacks =
        [
            new() { Id = Guid.CreateVersion7(), Name = "shop", NodeId = s_edge.Id, NodeName = s_edge.Name },
            new() { Id = Guid.CreateVersion7(), Name = "shop-two", NodeId = s_core.Id, NodeName = s_core.Name },
        ];
        var access = new EffectiveAccess([(BuiltInRoles.Viewer, s_edge.Id)]);

        var entries = new PaletteSearch(FleetOf(s_edge, s_core), stacks, access).Find("shop");

        Assert.Equal(("shop", "stack on edge-1", $"/stacks/{stacks[0].Id}"), (entries[0].Title, entries[0].Detail, entries[0].Href));
        Assert.DoesNotContain(entries, entry => entry.Title == "shop-two");
    }

    [Theory]
    [InlineData(BuiltInRoles.Viewer)]
    [InlineData(BuiltInRoles.Administrator)]
    public void Find_OwnPages_AreOfferedToEverybody(string role)
    {
        foreach (var (query, address) in new[] { ("token", "/tokens"), ("rest api", "/rest-api"), ("may do", "/access") })
        {
            Assert.Contains(Find(query, role), entry => entry.Href == address);
        }

        Assert.Equal(role == BuiltInRoles.Administrator, Find("new stack", role).Any(entry => entry.Href == "/stacks/new"));
    }

    [Fact]
    public void Find_NodeIsOffline_OffersNoChange()
    {
        var entries = Find("web", BuiltInRoles.Administrator, s_edge with { Presence = NodePresence.Offline });

        Assert.Contains(entries, entry => entry.Title == "Logs of web");
        Assert.DoesNotContain(entries, entry => entry.Change is not null || entry.Title == "Console in web");
    }

    [Fact]
    public void Find_ManyContainers_AreBoundedAndSayHowToFindTheRest()
    {
        var containers = Enumerable.Range(0, 500).Select(i => new ContainerView
        {
            Id = i.ToString("x64", System.Globalization.CultureInfo.InvariantCulture), Name = $"web-{i}", State = "running",
        });
        var node = s_edge with { Containers = containers.ToImmutableDictionary(view => view.Id) };

        var entries = Find("web", BuiltInRoles.Administrator, node);

        Assert.Equal(PaletteSearch.Most, entries.Count);
        var search = entries.Single(entry => entry.Title.StartsWith("Search containers", StringComparison.Ordinal));
        Assert.Equal("/containers?q=web", search.Href);
        Assert.DoesNotContain(entries, entry => entry.Change is not null);
    }

    [Theory]
    [InlineData("web", "web", 100)]
    [InlineData("we", "web", 80)]
    [InlineData("db", "shop-db", 60)]
    [InlineData("hop", "shop-db", 40)]
    [InlineData("sdb", "shop-db", 10)]
    [InlineData("sd", "shop-db", 0)]
    [InlineData("WEB", "web", 100)]
    [InlineData("a", "banana-a", 60)]
    public void Score_OfAWord_TellsHowWellItFits(string word, string text, int score) =>
        Assert.Equal(score, PaletteMatch.Score(word, text));

    [Fact]
    public void Shortcuts_OfThePages_AreEachOnce()
    {
        var keys = PortalPages.All.SelectMany(group => group.Pages).Select(page => page.Key).OfType<char>().ToList();

        Assert.Equal(keys.Count, keys.Distinct().Count());
    }

    private static IReadOnlyList<PaletteEntry> Find(string query, string role, params NodeState[] nodes) =>
        new PaletteSearch(FleetOf(nodes), [], new EffectiveAccess([(role, null)])).Find(query);

    private static FleetState FleetOf(params NodeState[] nodes) => new(1, nodes.ToImmutableDictionary(node => node.Id));
}
