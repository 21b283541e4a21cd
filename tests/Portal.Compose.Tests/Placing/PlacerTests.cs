using Portal.Compose.Loading;
using Portal.Compose.Model;
using Portal.Compose.Placing;

namespace Portal.Compose.Tests.Placing;

public sealed class PlacerTests
{
    [Theory]
    [InlineData("deploy: {replicas: 3}", "web 1 a, web 2 b, web 3 c")]
    [InlineData("deploy: {replicas: 4}", "web 1 a, web 2 b, web 3 c, web 4 a")]
    [InlineData("deploy: {replicas: 2, placement: {constraints: ['node.labels.disk == ssd']}}", "web 1 a, web 2 b")]
    [InlineData("deploy: {replicas: 2, placement: {constraints: ['node.labels.disk!=ssd']}}", "web 1 c, web 2 c")]
    [InlineData("deploy: {replicas: 2, placement: {constraints: ['node.hostname==b', 'node.role == manager']}}", "web 1 b, web 2 b")]
    [InlineData("deploy: {replicas: 4, placement: {preferences: [{spread: node.labels.zone}]}}", "web 1 a, web 2 c, web 3 b, web 4 c")]
    [InlineData("deploy: {mode: global}", "web 1 a, web 2 b, web 3 c")]
    [InlineData("deploy: {mode: global, placement: {constraints: ['node.labels.disk==ssd']}}", "web 1 a, web 2 b")]
    [InlineData("scale: 0", "")]
    public void Place_OfNew_FollowsWhatTheServiceSays(string service, string expected)
    {
        var result = Place(service, StackPlacement.None);

        Assert.Empty(result.Problems);
        Assert.Equal(expected, Picture(result));
    }

    [Theory]
    [InlineData("deploy: {replicas: 3, placement: {constraints: ['node.labels.gpu==yes']}}", "'node.labels.gpu==yes' does not hold")]
    [InlineData("deploy: {replicas: 4, placement: {max_replicas_per_node: 1}}", "there are 1 already")]
    public void Place_WithoutEnoughNodes_SaysWhyOfEach(string service, string expected)
    {
        var problem = Assert.Single(Place(service, StackPlacement.None).Problems);

        Assert.Contains($"'b': {expected}", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Place_Again_MovesNothing()
    {
        const string service = "deploy: {replicas: 3}";
        StackPlacement crowded = new([new("web", 1, Id("c")), new("web", 2, Id("c")), new("web", 7, Id("c"))]);

        Assert.Equal("web 1 c, web 2 c, web 7 c", Picture(Place(service, crowded)));
    }

    [Theory]
    [InlineData(true, "web 1 a, web 2 c")]
    [InlineData(false, "web 1 a, web 2 c")]
    public void Place_WhereANodeIsDrainedOrLost_MovesItsReplicasAlone(bool isLost, string expected)
    {
        StackPlacement present = new([new("web", 1, Id("a")), new("web", 2, Id("b"))]);

        var result = Place("deploy: {replicas: 2}", present, node => node.Name == "b"
            ? node with { IsLost = isLost, TakesNew = isLost } : node);

        Assert.Equal((expected, 0), (Picture(result), result.Notes.Count));
        Assert.True(Place("deploy: {replicas: 2}", result.Placement).Placement.IsSameAs(result.Placement));
    }

    [Theory]
    [InlineData("volumes: ['data:/data'], deploy: {replicas: 2}")]
    [InlineData("volumes: ['/srv:/data'], deploy: {replicas: 2}")]
    [InlineData("deploy: {mode: global}")]
    public void Place_OfDataAndOfWhatIsEverywhere_LeavesItWithItsNode(string service)
    {
        StackPlacement present = new([new("web", 1, Id("a")), new("web", 2, Id("b")), new("web", 3, Id("c"))]);

        var drained = Place(service, present, node => node with { TakesNew = node.Name != "b" });
        var lost = Place(service, present, node => node with { IsLost = node.Name == "b" });

        Assert.Contains("web 2 b", Picture(drained), StringComparison.Ordinal);
        Assert.Contains("web 2 b", Picture(lost), StringComparison.Ordinal);
        Assert.Empty(drained.Problems.Concat(lost.Problems));
    }

    [Fact]
    public void Place_OfAVolumeOverTheNetwork_MovesItsReplica()
    {
        StackPlacement present = new([new("web", 1, Id("b"))]);

        Assert.Equal("web 1 a", Picture(Place("volumes: ['shared:/data']", present, node => node with { IsLost = node.Name == "b" })));
    }

    [Fact]
    public void Place_OfNewWithAVolume_GoesWhereItsDataIs()
    {
        var result = Place("volumes: ['data:/data']", StackPlacement.None, node => node with
        {
            Volumes = node.Name == "c" ? ["shop_data"] : [], Load = node.Name == "c" ? 9 : 0,
        });

        Assert.Equal("web 1 c", Picture(result));
    }

    [Fact]
    public void Place_OfDataWhereAConstraintDoesNotHoldAnyMore_IsAProblem()
    {
        StackPlacement present = new([new("web", 1, Id("c"))]);

        var result = Place("volumes: ['data:/data'], deploy: {placement: {constraints: ['node.labels.disk==ssd']}}", present);

        Assert.Contains("has its data", Assert.Single(result.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Place_WhereNobodyElseTakesIt_StaysOnTheDrainedAndWaitsForTheLost()
    {
        StackPlacement present = new([new("web", 1, Id("a")), new("web", 2, Id("b"))]);

        var result = Place("deploy: {replicas: 2}", present, node => node with
        {
            TakesNew = false, IsLost = node.Name == "b",
        });

        Assert.Equal("web 1 a, web 2 b", Picture(result));
        Assert.Empty(result.Problems);
        Assert.Contains(result.Notes, note => note.Contains("stays on 'a'", StringComparison.Ordinal));
        Assert.Contains(result.Notes, note => note.Contains("waits for a node; 'b'", StringComparison.Ordinal));
    }

    [Fact]
    public void Place_OfAReplicaThatIsThereTwice_KeepsOneOfThem()
    {
        StackPlacement twice = new([new("web", 1, Id("a")), new("web", 1, Id("b")), new("web", 2, Id("c"))]);

        Assert.Equal("web 1 a, web 2 c", Picture(Place("deploy: {replicas: 2}", twice)));
        Assert.Equal("web 1 b, web 2 c", Picture(Place(
            "deploy: {replicas: 2}", twice, node => node with { TakesNew = node.Name != "a" })));
    }

    [Fact]
    public void Place_OfFewer_LeavesOutThoseThatWouldMoveFirst()
    {
        StackPlacement present = new([new("web", 1, Id("a")), new("web", 2, Id("b")), new("web", 3, Id("c"))]);

        Assert.Equal("web 2 b, web 3 c", Picture(Place(
            "deploy: {replicas: 2}", present, node => node with { TakesNew = node.Name != "a" })));
        Assert.Equal("web 1 a, web 2 b", Picture(Place("deploy: {replicas: 2}", present)));
    }

    [Fact]
    public void Place_OfAPublishedPort_GivesEachReplicaItsNodeAndSparesWhereItIsHeld()
    {
        const string service = "ports: [{target: 80, published: '8080', mode: host}], deploy: {replicas: 2}";
        Func<PlacementNode, PlacementNode> held = node => node with
        {
            HeldPorts = node.Name == "a" ? new Dictionary<string, string> { ["8080/tcp"] = "nginx" } : [],
        };

        Assert.Equal("web 1 b, web 2 c", Picture(Place(service, StackPlacement.None, held)));
        var problem = Assert.Single(Place(service.Replace("replicas: 2", "replicas: 3", StringComparison.Ordinal), StackPlacement.None, held)
            .Problems);
        Assert.Contains("'a': port 8080/tcp is published by 'nginx'", problem, StringComparison.Ordinal);
        Assert.Contains("'c': port 8080/tcp is published by the service 'web'", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Place_OfWhatSharesAContainer_IsAProblem()
    {
        var problem = Assert.Single(Place("deploy: {replicas: 1}}, side: {image: b, network_mode: 'service:web'", StackPlacement.None).Problems);

        Assert.Contains("services.side: it shares", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Place_OfManyStatesByChance_NeverPlacesTwiceOrWhereItMayNotBe()
    {
        var random = new Random(7);
        for (var round = 0; round < 2000; round++)
        {
            var replicas = random.Next(0, 6);
            var present = new StackPlacement([.. Enumerable.Range(0, random.Next(0, 8))
                .Select(_ => new PlacedReplica("web", random.Next(1, 6), Id(((char)('a' + random.Next(4))).ToString())))]);
            var states = new[] { "a", "b", "c" }.ToDictionary(name => name, _ => random.Next(3));
            PlacementNode Now(PlacementNode node) => node with { TakesNew = states[node.Name] != 1, IsLost = states[node.Name] == 2 };

            var result = Place($"deploy: {{replicas: {replicas}}}", present, Now);
            var again = Place($"deploy: {{replicas: {replicas}}}", result.Placement, Now);

            Assert.Equal(result.Placement.Replicas.Count, result.Placement.Replicas.DistinctBy(one => one.Number).Count());
            Assert.True(again.Placement.IsSameAs(result.Placement));
            Assert.True(result.Placement.Replicas.Count == replicas || result.Problems.Count > 0);
            if (states.ContainsValue(0))
            {
                Assert.Empty(result.Problems);
                Assert.All(result.Placement.Replicas, one => Assert.Equal(0, states[Name(one.Node)]));
            }
        }
    }

    [Fact]
    public void Json_OfAPlacement_ComesBackAsItWas()
    {
        StackPlacement placement = new([new("web", 2, Id("a")), new("db", 1, Id("b"))]);

        Assert.True(StackPlacement.FromJson(placement.ToJson()).IsSameAs(placement));
        Assert.Empty(StackPlacement.FromJson("{}").Replicas);
    }

    private static PlacementResult Place(
        string service, StackPlacement present, Func<PlacementNode, PlacementNode>? change = null)
    {
        var text = $"services: {{web: {{image: a, {service}}}}}\n"
            + "volumes: {data: {}, shared: {driver_opts: {type: nfs, o: addr=10.0.0.1, device: ':/srv'}}}";
        PlacementNode[] nodes =
        [
            Node("a", ("disk", "ssd"), ("zone", "1")), Node("b", ("disk", "ssd"), ("zone", "1")), Node("c", ("disk", "hdd"), ("zone", "2")),
        ];
        return Placer.Place(Project(text), [.. nodes.Select(change ?? (node => node))], present);
    }

    private static ComposeProject Project(string text) => Projects.Right(
        Projects.Load(new ComposeOptions { ProjectName = "shop", IsSpread = true }, ("compose.yaml", text)));

    private static PlacementNode Node(string name, params (string Key, string Value)[] labels) =>
        new(Id(name), name, labels.ToDictionary(label => label.Key, label => label.Value));

    private static Guid Id(string name) => new($"00000000-0000-0000-0000-00000000000{name}");

    private static string Name(Guid id) => $"{id}"[^1..];

    private static string Picture(PlacementResult result) => string.Join(", ", result.Placement.Replicas
        .OrderBy(one => one.Number).Select(one => $"{one.Service} {one.Number} {Name(one.Node)}"));
}
