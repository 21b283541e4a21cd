using Grpc.Core;
using Portal.Contracts.Containers.V1;
using Portal.Contracts.Permissions;
using Portal.Contracts.System.V1;
using Portal.Engine.Containers;
using Portal.Link.Tests.Environment;
using Portal.Testing;
using Portal.Testing.Databases;
using Portal.Web.Nodes;

namespace Portal.Link.Tests;

/// <summary>Nodes that people have taken out of service.</summary>
public sealed class DutyTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly TestInstance _instance = new();
    private readonly TestAgent _agent = new();
    private TestPortal _portal = null!;
    private Guid _node;

    public Task InitializeAsync() => Disposal.UnlessBegunAsync(BeginAsync, DisposeAsync);

    public Task DisposeAsync() => Disposal.AllAsync(_agent, _portal, _instance);

    private async Task BeginAsync()
    {
        _portal = await TestPortal.StartAsync(postgres.ConnectionString, _instance.DataRoot);
        _node = await _agent.JoinAsync(_portal.Url, await _portal.MakeTokenAsync());
        await _agent.StartAsync();
        await Soon.TrueAsync(() => _portal.PresenceOf(_node) == NodePresence.Online, "the node is online");
    }

    [Theory]
    [InlineData(NodeDuty.Drained, "is drained (new disk)")]
    [InlineData(NodeDuty.Maintenance, "is in maintenance (new disk)")]
    public async Task Create_OnANodeOutOfService_IsRefusedWhileTheRestGoesOn(NodeDuty duty, string words)
    {
        var made = await _agent.Engine.Containers.CreateAsync(new ContainerSpec { Image = "busybox", Name = $"one-{duty}" });

        Assert.Null(await Registry.SetDutyAsync(_node, duty, "new disk", TestPortal.Admin, default));

        var refusal = await Assert.ThrowsAsync<RpcException>(CreateAsync);
        Assert.Equal(StatusCode.FailedPrecondition, refusal.StatusCode);
        Assert.Contains(words, refusal.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(duty, _portal.Fleet.Current.Nodes[_node].Duty);
        Assert.Equal(NodePresence.Online, _portal.PresenceOf(_node));
        await Call(PermissionNames.ContainersStart).StartContainerAsync(new StartContainerRequest { Container = made.Id });

        // What looks at a registry needs the permission of a pull, and brings nothing.
        var looking = _portal.Clients.ForLooking(_node, TestPortal.Admin, PermissionNames.ImagesPull, PermissionNames.NodesView);
        await new SystemService.SystemServiceClient(looking).PingAsync(new PingRequest());
        Assert.Contains(
            _portal.Audit.Entries, entry => entry is { Action: "node.drain", Detail: "drained: new disk" or "maintenance: new disk" });

        Assert.Null(await Registry.SetDutyAsync(_node, NodeDuty.Active, "", TestPortal.Admin, default));
        await CreateAsync();
    }

    [Fact]
    public async Task Duty_PortalStartedAnew_IsKept()
    {
        await Registry.SetDutyAsync(_node, NodeDuty.Drained, "", TestPortal.Admin, default);
        await using var second = await TestPortal.StartAsync(postgres.ConnectionString, _instance.TempPath("second"));

        await Soon.TrueAsync(
            () => second.Fleet.Current.Nodes.TryGetValue(_node, out var node) && node.Duty == NodeDuty.Drained, "the other portal knows");
    }

    [Fact]
    public async Task SetDuty_NoteTooLong_IsRefused()
    {
        Assert.NotNull(await Registry.SetDutyAsync(_node, NodeDuty.Drained, new string('x', 257), TestPortal.Admin, default));
        Assert.NotNull(await Registry.SetDutyAsync(Guid.NewGuid(), NodeDuty.Drained, "", TestPortal.Admin, default));
        Assert.Equal(NodeDuty.Active, _portal.Fleet.Current.Nodes[_node].Duty);
    }

    private INodeRegistry Registry => (INodeRegistry)_portal.Services.GetService(typeof(INodeRegistry))!;

    private ContainerService.ContainerServiceClient Call(string permission) =>
        new(_portal.Clients.For(_node, TestPortal.Admin, permission));

    private async Task CreateAsync() => await Call(PermissionNames.ContainersCreate)
        .CreateContainerAsync(new CreateContainerRequest { Image = "busybox" });
}
