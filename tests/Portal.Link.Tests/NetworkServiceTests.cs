using Grpc.Core;
using Portal.Contracts.Containers.V1;
using Portal.Contracts.Networks.V1;
using Portal.Contracts.Permissions;
using Portal.Link.Tests.Environment;
using Portal.Testing;
using Portal.Testing.Databases;
using Portal.Web.Nodes;

namespace Portal.Link.Tests;

/// <summary>A node's networks as the portal sees and changes them.</summary>
public sealed class NetworkServiceTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly string[] s_all =
    [
        PermissionNames.NetworksView, PermissionNames.NetworksCreate, PermissionNames.NetworksRemove, PermissionNames.NetworksConnect,
        PermissionNames.ContainersCreate, PermissionNames.ContainersHostAccess,
    ];

    private readonly TestInstance _instance = new();
    private readonly TestAgent _agent = new();
    private TestPortal _portal = null!;
    private Guid _node;

    public Task InitializeAsync() => Disposal.UnlessBegunAsync(BeginAsync, DisposeAsync);

    public Task DisposeAsync() => Disposal.AllAsync(_agent, _portal, _instance);

    [Fact]
    public async Task Network_ThroughItsLife_IsMadeListedAndRemoved()
    {
        var client = Client(s_all);
        var made = await client.CreateNetworkAsync(new CreateNetworkRequest
        {
            Name = "own",
            Driver = "bridge",
            Subnets =
            {
                new SubnetConfig
                {
                    Subnet = "10.9.0.0/24", Gateway = "10.9.0.9", IpRange = "10.9.0.64/26", AuxiliaryAddresses = { ["printer"] = "10.9.0.70" },
                },
                new SubnetConfig { Subnet = "fd00:9::/64" },
            },
            EnableIpv6 = true,
            Internal = true,
            Attachable = true,
            Options = { ["com.docker.network.driver.mtu"] = "1400" },
            Labels = { ["a"] = "b" },
        });
        var custom = await client.ListNetworksAsync(
            new ListNetworksRequest { Filter = new NetworkFilter { Custom = true, Labels = { "a=b" } } });
        var inspected = await client.InspectNetworkAsync(new InspectNetworkRequest { Network = made.Network.Id[..12] });
        await client.RemoveNetworkAsync(new RemoveNetworkRequest { Network = "own" });

        var asked = _agent.Engine.Networks.LastRequest!;
        var range = asked.Subnets[0];
        Assert.Equal(("10.9.0.9", "10.9.0.64/26", "10.9.0.70"), (range.Gateway, range.IpRange, range.AuxiliaryAddresses["printer"]));
        Assert.True(asked is { EnableIpv4: true, EnableIpv6: true, IsInternal: true, IsAttachable: true });
        Assert.Equal("1400", asked.Options["com.docker.network.driver.mtu"]);
        Assert.Equal("own", Assert.Single(custom.Networks).Name);
        Assert.Equal("fd00:9::/64", inspected.Network.Subnets[1].Subnet);
        Assert.Contains("\"Name\": \"own\"", inspected.Json, StringComparison.Ordinal);
        var left = await client.ListNetworksAsync(new ListNetworksRequest());
        Assert.True(Assert.Single(left.Networks).Predefined);
    }

    [Fact]
    public async Task PruneNetworks_WithAFilter_RemovesWhatThePreviewTells()
    {
        var client = Client(s_all);
        await client.CreateNetworkAsync(new CreateNetworkRequest { Name = "gone" });
        await client.CreateNetworkAsync(new CreateNetworkRequest { Name = "kept", Labels = { ["keep"] = "" } });
        var filter = new NetworkPruneFilter { ExcludedLabels = { "keep" } };

        var preview = await client.PreviewPruneAsync(new PreviewPruneRequest { Filter = filter });
        var pruned = await client.PruneNetworksAsync(new PruneNetworksRequest { Filter = filter });

        Assert.Equal("gone", Assert.Single(preview.Networks).Name);
        Assert.Equal("gone", Assert.Single(pruned.Networks));
        var left = await client.ListNetworksAsync(new ListNetworksRequest());
        Assert.Equal(["bridge", "kept"], left.Networks.Select(network => network.Name));
    }

    [Fact]
    public async Task Connect_StoppedContainer_IsListedAsOneThatWillBeThere()
    {
        var client = Client(s_all);
        var containers = new ContainerService.ContainerServiceClient(_portal.Clients.For(_node, TestPortal.Admin, s_all));
        var created = await containers.CreateContainerAsync(new CreateContainerRequest { Name = "web", Image = "busybox" });
        var settings = new EndpointSettings
        {
            Ipv4Address = "172.30.0.9",
            Ipv6Address = "fd00::9",
            MacAddress = "02:42:ac:1e:00:09",
            Aliases = { "db" },
            LinkLocalAddresses = { "169.254.1.2" },
            DriverOptions = { ["com.docker.network.endpoint.sysctls"] = "net.ipv4.conf.IFNAME.forwarding=1" },
            GatewayPriority = 7,
        };

        var answer = await client.ConnectContainerAsync(
            new ConnectContainerRequest { Network = "bridge", Container = "web", Settings = settings });
        await client.DisconnectContainerAsync(new DisconnectContainerRequest { Network = "bridge", Container = "web" });

        Assert.Null(answer.Endpoint);
        var (container, connection, network) = Assert.Single(_agent.Engine.Networks.Changes, change => change.Connection is not null);
        Assert.Equal((created.Id, "bridge"), (container, network));
        Assert.Equal(("172.30.0.9", "fd00::9", 7), (connection!.Address, connection.Address6, connection.GatewayPriority));
        Assert.Equal(("db", "169.254.1.2"), (connection.Aliases.Single(), connection.LinkLocalAddresses.Single()));
        Assert.Equal("net.ipv4.conf.IFNAME.forwarding=1", connection.DriverOptions.Values.Single());
        Assert.Single(_agent.Engine.Networks.Changes, change => change.Connection is null && change.Container == "web");
    }

    [Fact]
    public async Task Call_OfWhatIsNotThere_SaysSo()
    {
        var client = Client(s_all);
        var missing = await Assert.ThrowsAsync<RpcException>(
            async () => await client.InspectNetworkAsync(new InspectNetworkRequest { Network = "none-such" }));
        await client.CreateNetworkAsync(new CreateNetworkRequest { Name = "twice" });
        var taken = await Assert.ThrowsAsync<RpcException>(
            async () => await client.CreateNetworkAsync(new CreateNetworkRequest { Name = "twice" }));

        Assert.Equal((StatusCode.NotFound, StatusCode.FailedPrecondition), (missing.StatusCode, taken.StatusCode));
        Assert.Contains("network with name twice already exists", taken.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CreateNetwork_ThatReachesTheHost_NeedsTheHostsPermission()
    {
        var client = Client([PermissionNames.NetworksCreate]);

        await client.CreateNetworkAsync(new CreateNetworkRequest { Name = "fine" });
        var refused = await Assert.ThrowsAsync<RpcException>(
            async () => await client.CreateNetworkAsync(new CreateNetworkRequest { Name = "lan", Driver = "macvlan" }));

        Assert.Equal(StatusCode.PermissionDenied, refused.StatusCode);
        Assert.Contains(PermissionNames.ContainersHostAccess, refused.Status.Detail, StringComparison.Ordinal);
    }

    private NetworkService.NetworkServiceClient Client(string[] permissions) =>
        new(_portal.Clients.For(_node, TestPortal.Admin, permissions));

    private async Task BeginAsync()
    {
        _portal = await TestPortal.StartAsync(postgres.ConnectionString, _instance.DataRoot);
        _node = await _agent.JoinAsync(_portal.Url, await _portal.MakeTokenAsync());
        await _agent.StartAsync();
        await Soon.TrueAsync(() => _portal.PresenceOf(_node) == NodePresence.Online, "the node is online");
    }
}
