using System.Net;
using Portal.Contracts.Networks.V1;
using Portal.Data.Entities.Overlays;
using Portal.Web.Features.Overlays;
using Portal.Web.Features.Overlays.Telling;

namespace Portal.Web.Tests.Features.Overlays;

public sealed class OverlayTablesTests
{
    private static readonly OverlayNetwork s_network = new()
    {
        Id = Guid.Parse("0190a0b0-0000-7000-8000-000000000001"), Name = "mesh", Subnet = "10.200.0.0/16", BlockLength = 24,
    };

    [Fact]
    public void Keep_WhatIsNotTheNodesToSay_IsLeftOut()
    {
        var member = Member(3, "198.18.0.3");
        OverlayEndpoint[] told =
        [
            Endpoint("10.200.3.2", "02:42:0a:c8:03:02", "web", new string('x', 254), ""),
            Endpoint("10.200.4.2", "02:42:0a:c8:04:02", "stolen"),
            Endpoint("10.200.3.3", "03:42:0a:c8:03:03", "group"),
            Endpoint("10.200.3.4", "02:42:0a:c8:03", "short"),
            Endpoint("010.200.3.5", "02:42:0a:c8:03:05", "octal"),
            Endpoint("10.200.3.2", "02:42:0a:c8:03:09", "twice"),
            Endpoint("fd00::1", "02:42:0a:c8:03:06", "six"),
        ];

        member.Endpoints = OverlayTables.Keep(s_network, member, told);

        var kept = Assert.Single(OverlayTables.Read(member));
        Assert.Equal(("10.200.3.2", "02:42:0a:c8:03:02"), (kept.Address, kept.Mac));
        Assert.Equal(["web"], kept.Names);
    }

    [Fact]
    public void For_ANode_IsWhatTheOthersHave()
    {
        var (self, other, silent) = (Member(0, "198.18.0.1"), Member(1, "198.18.0.2"), Member(2, ""));

        var table = OverlayTables.For(s_network, self, [self, other, silent], _ => false);

        var peer = Assert.Single(table.Peers);
        Assert.Equal("198.18.0.2", peer.NodeAddress);
        Assert.Equal([("10.200.1.2", "web1")], peer.Endpoints.Select(endpoint => (endpoint.Address, endpoint.Names.Single())));
    }

    [Fact]
    public void For_ANodeThatIsAway_KeepsItsAddressesAndNotItsNames()
    {
        var (self, other) = (Member(0, "198.18.0.1"), Member(1, "198.18.0.2"));

        var here = OverlayTables.For(s_network, self, [self, other], _ => false);
        var away = OverlayTables.For(s_network, self, [self, other], node => node == other.NodeId);

        Assert.Equal("10.200.1.2", away.Peers.Single().Endpoints.Single().Address);
        Assert.Empty(away.Peers.Single().Endpoints.Single().Names);
        Assert.NotEqual(here.Version, away.Version);
        Assert.Equal(here.Version, OverlayTables.For(s_network, self, [other, self], _ => false).Version);
    }

    [Fact]
    public void For_TwoNodesThatSayTheSame_TheFirstCounts()
    {
        var (self, other, same) = (Member(0, "198.18.0.1"), Member(1, "198.18.0.2"), Member(2, "198.18.0.2"));
        var (mirror, thief) = (Member(3, "198.18.0.1"), Member(4, "198.18.0.5"));
        thief.Endpoints = other.Endpoints.Replace("10.200.1.2", "10.200.4.2", StringComparison.Ordinal);

        var table = OverlayTables.For(s_network, self, [thief, mirror, same, other, self], _ => false);

        Assert.Equal(["198.18.0.2", "198.18.0.5"], table.Peers.Select(peer => peer.NodeAddress));
        Assert.Equal("10.200.1.2", Assert.Single(table.Peers[0].Endpoints).Address);
        Assert.Empty(table.Peers[1].Endpoints);
    }

    [Fact]
    public void Keep_PortsThatAreNone_AreLeftOut()
    {
        var member = Member(3, "198.18.0.3");
        var told = Endpoint("10.200.3.2", "02:42:0a:c8:03:02", "web");
        told.State = (IngressState)9;
        told.Targets.AddRange([Target("tcp", 8080, 80), Target("tcp", 0, 80), Target("icmp", 1, 1), Target("tcp; drop", 1, 1), Target("udp", 53, 65536)]);
        told.Targets.AddRange(Enumerable.Range(1, 500).Select(port => Target("sctp", port, 1)));

        member.Endpoints = OverlayTables.Keep(s_network, member, [told]);

        var kept = Assert.Single(OverlayTables.Read(member));
        Assert.Equal((IngressState.Unspecified, 128, new OverlayTarget("8080/tcp", 80)), (kept.State, kept.Targets!.Count, kept.Targets[0]));
        Assert.DoesNotContain(kept.Targets, target => target.Port.EndsWith("udp", StringComparison.Ordinal) || target.Port.Contains(';'));
    }

    [Fact]
    public void For_ANetworkWithPorts_TellsWhoAnswersAtThemAndAtNothingElse()
    {
        var network = Network("8080/tcp");
        var (self, other) = (Member(0, "198.18.0.1"), Member(1, "198.18.0.2"));
        Say(other, IngressState.Ready, Target("tcp", 8080, 80), Target("tcp", 22, 22));

        var table = OverlayTables.For(network, self, [self, other], _ => false);

        Assert.Equal(["8080/tcp"], table.Ports.Select(OverlayPorts.Write));
        var endpoint = table.Peers.Single().Endpoints.Single();
        Assert.Equal((IngressState.Ready, "8080/tcp", 80), (endpoint.State, OverlayPorts.Write(endpoint.Targets[0].Port, endpoint.Targets[0].Protocol),
            endpoint.Targets[0].TargetPort));
        Assert.Single(endpoint.Targets);

        // Without the port nobody is led there, whatever the container says.
        Assert.Empty(OverlayTables.For(s_network, self, [self, other], _ => false).Peers.Single().Endpoints.Single().Targets);
    }

    [Fact]
    public void For_AReplicaThatLeavesOrIsAway_IsAnotherTable()
    {
        var network = Network("8080/tcp");
        var (self, other) = (Member(0, "198.18.0.1"), Member(1, "198.18.0.2"));
        Say(other, IngressState.Ready, Target("tcp", 8080, 80));
        var ready = OverlayTables.For(network, self, [self, other], _ => false);
        var away = OverlayTables.For(network, self, [self, other], node => node == other.NodeId);
        Say(other, IngressState.Leaving, Target("tcp", 8080, 80));
        var leaving = OverlayTables.For(network, self, [self, other], _ => false);

        Assert.Equal(IngressState.Leaving, away.Peers.Single().Endpoints.Single().State);
        Assert.Equal(IngressState.Leaving, leaving.Peers.Single().Endpoints.Single().State);
        Assert.NotEqual(ready.Version, leaving.Version);
        Assert.Equal(["10.200.1.2"], OverlayTables.Leaving(other));
        Assert.Empty(OverlayTables.Leaving(self));
    }

    [Fact]
    public void Read_WhatAPortalOfAnEarlierReleaseKept_HasNoPorts()
    {
        var member = new OverlayMember { Endpoints = """[{"Address": "10.200.1.2", "Mac": "02:42:0a:c8:01:02", "Names": ["web"]}]""" };

        var row = Assert.Single(OverlayTables.Read(member));
        Assert.Equal((null, IngressState.Unspecified), (row.Targets, row.State));
    }

    [Theory]
    [InlineData("10.200.0.0/16", 24, 256, 255, "10.200.255.0/24", "10.200.255.1")]
    [InlineData("10.0.0.0/8", 24, 65536, 65535, "10.255.255.0/24", "10.255.255.1")]
    [InlineData("192.168.4.0/22", 28, 64, 1, "192.168.4.16/28", "192.168.4.17")]
    [InlineData("192.168.4.0/24", 28, 16, 15, "192.168.4.240/28", "192.168.4.241")]
    public void Range_OfABlock_IsAPartOfTheSubnet(string subnet, int length, int blocks, int block, string range, string gateway)
    {
        var network = new OverlayNetwork { Subnet = subnet, BlockLength = OverlayAddresses.BlockLength(IPNetwork.Parse(subnet)) };

        Assert.Equal((length, blocks), (network.BlockLength, OverlayAddresses.Blocks(network)));
        Assert.Equal(range, OverlayAddresses.Range(network, block).ToString());
        Assert.Equal(gateway, OverlayAddresses.Gateway(network, block).ToString());
    }

    [Theory]
    [InlineData("8.8.8.0/24", "private")]
    [InlineData("10.0.0.0/7", "/8")]
    [InlineData("172.0.0.0/8", "private")]
    [InlineData("10.0.0.0/25", "/24")]
    [InlineData("10.0.0.1/16", "CIDR")]
    [InlineData("fd00::/16", "CIDR")]
    [InlineData("10.0.0.0/16; drop", "CIDR")]
    [InlineData("192.168.0.0/16", null)]
    [InlineData("100.64.0.0/10", null)]
    public void Refuse_Subnet_SaysWhy(string subnet, string? why)
    {
        var problem = OverlayAddresses.Refuse(subnet, out _);

        Assert.True(why is null ? problem is null : problem!.Contains(why, StringComparison.Ordinal), problem);
    }

    [Fact]
    public void Choose_Subnet_IsTheFirstThatNobodyHas()
    {
        Assert.Equal("10.200.0.0/16", OverlayAddresses.Choose([])!.Value.ToString());
        Assert.Equal("10.202.0.0/16", OverlayAddresses.Choose([IPNetwork.Parse("10.200.0.0/15")])!.Value.ToString());
        Assert.Null(OverlayAddresses.Choose([IPNetwork.Parse("10.0.0.0/8")]));
    }

    private static OverlayMember Member(int block, string address)
    {
        var member = new OverlayMember { NetworkId = s_network.Id, NodeId = Guid.NewGuid(), Block = block, NodeAddress = address };
        member.Endpoints = OverlayTables.Keep(
            s_network, member, [Endpoint($"10.200.{block}.2", $"02:42:0a:c8:0{block}:02", $"web{block}")]);
        return member;
    }

    private static OverlayNetwork Network(string ports) =>
        new() { Id = s_network.Id, Name = s_network.Name, Subnet = s_network.Subnet, BlockLength = s_network.BlockLength, Ports = ports };

    private static void Say(OverlayMember member, IngressState state, params IngressTarget[] targets)
    {
        var endpoint = Endpoint($"10.200.{member.Block}.2", $"02:42:0a:c8:0{member.Block}:02", $"web{member.Block}");
        endpoint.State = state;
        endpoint.Targets.AddRange(targets);
        member.Endpoints = OverlayTables.Keep(s_network, member, [endpoint]);
    }

    private static IngressTarget Target(string protocol, int port, int target) => new() { Protocol = protocol, Port = port, TargetPort = target };

    private static OverlayEndpoint Endpoint(string address, string mac, params string[] names)
    {
        var endpoint = new OverlayEndpoint { Address = address, MacAddress = mac };
        endpoint.Names.AddRange(names);
        return endpoint;
    }
}
