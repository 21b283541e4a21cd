using Google.Protobuf.WellKnownTypes;
using Portal.Contracts.Networks.V1;
using Portal.Web.Features.Networks.Listing;
using Portal.Web.Nodes;
using Endpoint = Portal.Contracts.Networks.V1.Endpoint;

namespace Portal.Web.Tests.Features.Networks;

public sealed class NetworkQueryTests
{
    private static readonly NetworkRow[] s_rows =
    [
        Row("edge", "bridge", "bridge", day: 0, predefined: true, "10.1.0.0/24"),
        Row("edge", "front", "bridge", day: 1, predefined: false, "10.2.0.0/24", "web", "proxy"),
        Row("core", "vlan20", "macvlan", day: 3, predefined: false, "192.168.20.0/24"),
        Row("core", "back", "bridge", day: 2, predefined: false, "10.3.0.0/24", "db"),
    ];

    [Theory]
    [InlineData(null, null, null, null, null, "back front vlan20 bridge")]
    [InlineData("FRONT", null, null, null, null, "front")]
    [InlineData("10.3.", null, null, null, null, "back")]
    [InlineData("proxy", null, null, null, null, "front")]
    [InlineData("team=x", null, null, null, null, "back front vlan20 bridge")]
    [InlineData(null, "core", null, null, null, "back vlan20")]
    [InlineData(null, null, "macvlan", null, null, "vlan20")]
    [InlineData(null, null, null, "used", null, "back front")]
    [InlineData(null, null, null, "unused", null, "vlan20")]
    [InlineData(null, null, null, "custom", null, "back front vlan20")]
    [InlineData(null, null, null, "builtin", null, "bridge")]
    [InlineData(null, null, null, null, "-containers", "front back bridge vlan20")]
    [InlineData(null, null, null, null, "-created", "vlan20 back front bridge")]
    [InlineData(null, null, null, "9", "nonsense", "back front vlan20 bridge")]
    public void Apply_PartsOfAnAddress_ChooseAndSort(
        string? search, string? node, string? driver, string? use, string? sort, string expected)
    {
        var rows = NetworkQuery.Read(search, node, driver, use, sort).Apply(s_rows);

        Assert.Equal(expected, string.Join(' ', rows.Select(row => row.Name)));
    }

    [Fact]
    public void ToAddress_WhatWasRead_IsTheSameAgainAndDefaultsAreLeftOut()
    {
        var query = NetworkQuery.Read("a b", "edge", "bridge", "builtin", "-containers");
        var address = query.ToAddress();
        var again = NetworkQuery.Read(
            (string?)address["q"],
            (string?)address["node"],
            (string?)address["driver"],
            (string?)address["use"],
            (string?)address["sort"]);

        Assert.Equal(query, again);
        Assert.All(NetworkQuery.Read(" ", "", "", "all", "name").ToAddress().Values, Assert.Null);
    }

    [Fact]
    public void Endpoints_WhoMayNotSeeContainers_AreCountedAlone()
    {
        var network = new Network { Name = "n", RunningContainers = 1, Endpoints = { new Endpoint { ContainerName = "secret" } } };

        var row = new NetworkRow(Node("n"), network, showsContainers: false);

        Assert.Empty(row.Endpoints);
        Assert.True(row.IsUsed);
        Assert.False(row.Matches("secret"));
    }

    private static NodeState Node(string name) => new() { Id = Guid.NewGuid(), Name = name, Presence = NodePresence.Online };

    private static NetworkRow Row(
        string node, string name, string driver, int day, bool predefined, string subnet, params string[] containers)
    {
        var network = new Network
        {
            Id = name,
            Name = name,
            Driver = driver,
            Predefined = predefined,
            CreatedAt = DateTimeOffset.UnixEpoch.AddDays(day).ToTimestamp(),
            RunningContainers = containers.Length,
        };
        network.Labels["team"] = "x";
        network.Subnets.Add(new SubnetConfig { Subnet = subnet });
        network.Endpoints.AddRange(containers.Select(container => new Endpoint { ContainerName = container, Running = true }));
        return new NetworkRow(Node(node), network, showsContainers: true);
    }
}
