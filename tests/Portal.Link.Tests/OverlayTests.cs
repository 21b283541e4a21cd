using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data;
using Portal.Data.Entities.Overlays;
using Portal.Link.Tests.Environment;
using Portal.Testing;
using Portal.Testing.Databases;
using Portal.Testing.Processes;
using Portal.Web.Features.Overlays;
using Portal.Web.Features.Overlays.Telling;
using Portal.Web.Nodes;

namespace Portal.Link.Tests;

/// <summary>
/// A portal, and real agents with real engines in network namespaces of their own, as hosts on one switch: containers of one network on
/// both of them.
/// </summary>
public sealed class OverlayTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly TestInstance _portalInstance = new();
    private readonly Switch _switch = new();
    private readonly List<OverlayHost> _hosts = [];
    private TestPortal _portal = null!;

    public Task InitializeAsync() => Disposal.UnlessBegunAsync(BeginAsync, DisposeAsync);

    public Task DisposeAsync() => Disposal.AllAsync([.. _hosts, _portal, _switch, _portalInstance]);

    private async Task BeginAsync()
    {
        await _switch.LayAsync();
        _portal = await TestPortal.StartAsync(
            postgres.ConnectionString, _portalInstance.DataRoot, AddTelling, $"{_switch.PortalAddress}:{FreePort.Find()}");
        for (var number = 0; number < 2; number++)
        {
            var host = new OverlayHost(_switch, number);
            _hosts.Add(host);
            await host.JoinAsync(_portal);
        }

        foreach (var host in _hosts)
        {
            await Soon.TrueAsync(
                () => _portal.PresenceOf(host.NodeId) == NodePresence.Online, "the node is online", TimeSpan.FromSeconds(60));
        }
    }

    [Fact]
    [Trait("Area", "overlay")]
    public async Task Network_OverTwoNodes_JoinsTheirContainersThroughCutAndHealAndKill()
    {
        var network = await MakeAsync();
        await Task.WhenAll(_hosts.Select(host => Soon.TrueAsync(
            () => host.HasNetworkAsync("mesh").GetAwaiter().GetResult(), "the node has the network", TimeSpan.FromSeconds(30))));
        await Task.WhenAll(_hosts.Select(host => host.LoadBusyboxAsync(_portal)));
        for (var number = 0; number < 2; number++)
        {
            await _hosts[number].Agent.DockerAsync(
                "run", "--detach", "--name", $"web{number}", "--network", "mesh", "--network-alias", "web", "busybox",
                "sh", "-c", $"mkdir /www && echo from{number} > /www/index.html && exec httpd -f -h /www");
        }

        // By name, from each to the other; the shared name leads to both.
        await Soon.TrueAsync(() => Get(0, "web1") == "from1", "node 0 reaches node 1", TimeSpan.FromSeconds(30));
        await Soon.TrueAsync(() => Get(1, "web0") == "from0", "node 1 reaches node 0", TimeSpan.FromSeconds(30));
        var address = await AddressOfAsync(0);
        var other = await AddressOfAsync(1);
        await Soon.TrueAsync(
            () => LookUp(0, "web").Output is var found
                && found.Contains($"Address: {address}\n", StringComparison.Ordinal)
                && found.Contains($"Address: {other}\n", StringComparison.Ordinal),
            "the shared name has the addresses of both",
            TimeSpan.FromSeconds(30));

        // Cut off from portal and other node alike, then healed.
        await _switch.CutAsync(1);
        await Soon.TrueAsync(() => Get(0, "web1") is null, "node 1 can't be reached");
        await _switch.HealAsync(1);
        await Soon.TrueAsync(() => Get(0, "web1") == "from1", "node 1 is reached again", TimeSpan.FromSeconds(60));

        // An agent is killed: nothing that runs notices, and its names go. The next one goes on with what is written.
        await _hosts[0].Agent.KillAsync();
        await Soon.TrueAsync(() => !HasName(1, "web0"), "the names of a node that is away are gone", TimeSpan.FromSeconds(60));
        Assert.Equal("from0", Get(1, address));
        _hosts[0].Agent.Start();
        await Soon.TrueAsync(() => Get(1, "web0") == "from0", "and are back with it", TimeSpan.FromSeconds(60));
        await Soon.TrueAsync(() => Get(0, "web1") == "from1", "names of the other node are answered again", TimeSpan.FromSeconds(60));

        // What goes from one node goes from the names of the other.
        await _hosts[1].Agent.DockerAsync("rm", "--force", "web1");
        await Soon.TrueAsync(() => !HasName(0, "web1"), "its name is gone from the other node", TimeSpan.FromSeconds(30));
        Assert.True(HasName(0, "web0"));
        await _hosts[0].Agent.DockerAsync("rm", "--force", "web0");

        await RemoveAsync(network);
        await Soon.TrueAsync(
            () => _hosts.All(host => !host.HasNetworkAsync("mesh").GetAwaiter().GetResult()), "no node has it", TimeSpan.FromSeconds(30));
        await Soon.TrueAsync(() => CountNetworks() == 0, "nor has the portal", TimeSpan.FromSeconds(30));
    }

    private static void AddTelling(IServiceCollection services)
    {
        services.AddSingleton<OverlaySignal>();
        services.AddSingleton<OverlayTeller>();
        services.AddHostedService<OverlayWorker>();
    }

    // null: no answer. From within the container of that node.
    private string? Get(int number, string name)
    {
        // Its own -T crashes Debian's busybox 1.35.
        var asked = _hosts[number].Agent
            .TryDockerAsync("exec", $"web{number}", "timeout", "3", "wget", "-q", "-O", "-", $"http://{name}/")
            .GetAwaiter().GetResult();
        return asked.ExitCode == 0 ? asked.Output.Trim() : null;
    }

    private bool HasName(int number, string name) => LookUp(number, name).ExitCode == 0;

    private ToolResult LookUp(int number, string name) =>
        _hosts[number].Agent.TryDockerAsync("exec", $"web{number}", "nslookup", name).GetAwaiter().GetResult();

    private async Task<string> AddressOfAsync(int number) => (await _hosts[number].Agent.TryDockerAsync(
        "inspect", "--format", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", $"web{number}")).Output.Trim();

    private async Task<Guid> MakeAsync()
    {
        var prefix = $"10.{Random.Shared.Next(200, 255)}.0.0/16";
        var row = new OverlayNetwork
        {
            Id = Guid.NewGuid(), Name = "mesh", Vni = Random.Shared.Next(4096, 1 << 24), Port = OverlayAddresses.DefaultPort,
            Subnet = prefix, BlockLength = 24, CreatedAt = DateTimeOffset.UtcNow,
        };
        await using var database = await Contexts.CreateDbContextAsync();
        database.OverlayNetworks.Add(row);
        await database.SaveChangesAsync();
        _portal.Services.GetRequiredService<OverlaySignal>().Set();
        return row.Id;
    }

    private async Task RemoveAsync(Guid id)
    {
        await using var database = await Contexts.CreateDbContextAsync();
        await database.OverlayNetworks.Where(row => row.Id == id).ExecuteUpdateAsync(set => set.SetProperty(row => row.IsRemoving, true));
        _portal.Services.GetRequiredService<OverlaySignal>().Set();
    }

    private int CountNetworks()
    {
        using var database = Contexts.CreateDbContext();
        return database.OverlayNetworks.Count();
    }

    private IDbContextFactory<PortalDbContext> Contexts => _portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>();
}
