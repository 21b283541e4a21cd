using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Errors;
using Portal.Engine.Hosting;
using Portal.Engine.Networks;
using Portal.Engine.Networks.Orchestration;
using Portal.Engine.Networks.Addresses;
using Portal.Engine.Networks.Drivers;
using Portal.Engine.Storage;
using Portal.Testing;
using Portal.Testing.Engine;

namespace Portal.Engine.Tests.Networks;

public sealed class EngineNetworksTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("portal-networks-");
    private readonly FakeHost _host = new();
    private readonly FakeTimeProvider _clock = new();
    private ServiceProvider _services = null!;

    private INetworks Networks => _services.GetRequiredService<INetworks>();

    public async Task InitializeAsync() => await RestartAsync();

    public async Task DisposeAsync()
    {
        await _services.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Attach_BeforeReconcile_IsUnavailable()
    {
        await using var services = Build();

        var error = await Assert.ThrowsAsync<EngineException>(
            () => services.GetRequiredService<INetworks>().AttachAsync(Request("one")));

        Assert.Equal(EngineErrorKind.Unavailable, error.Kind);
    }

    [Fact]
    public async Task Reconcile_NetworkOfAnEngineOfBefore_KeepsItsIpv4()
    {
        await Networks.AttachAsync(Request("one"));
        foreach (var file in _folder.GetFiles("*.json", SearchOption.AllDirectories))
        {
            // What was added since is not in its files.
            var document = JsonNode.Parse(await File.ReadAllTextAsync(file.FullName))!.AsObject();
            string[] added = ["Subnet6", "Gateway6", "IpRange6", "HasIpv4", "HasIpv6", "AuxiliaryAddresses", "ConfigFrom", "ConfiguredSubnets"];
            Array.ForEach(added, name => document.Remove(name));
            await File.WriteAllTextAsync(file.FullName, document.ToJsonString());
        }

        await RestartAsync();

        Assert.StartsWith("172.17.0.", (await Networks.AttachAsync(Request("two"))).Endpoints[0].Address);
    }

    /// <summary>Whoever checks what a container asks for sees a network's name or id, and not that it is the host's.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Attach_ToTheHostsNetworkAsIfItWereAnother_IsRefused(bool byId)
    {
        var host = (await Networks.ListAsync()).Single(network => network.Name == "host");
        foreach (var name in byId ? new[] { host.Id, host.Id[..12] } : ["host"])
        {
            var asked = Request("one") with { Mode = name, Networks = [new NetworkConnection { Network = name }] };

            var error = await Assert.ThrowsAsync<EngineException>(() => Networks.AttachAsync(asked));

            Assert.Equal(EngineErrorKind.InvalidArgument, error.Kind);
        }

        Assert.Null((await Networks.AttachAsync(Request("one") with { Mode = "host" })).NamespacePath);
    }

    [Theory]
    [InlineData(nameof(FakeHost.Create))]
    [InlineData(nameof(FakeHost.Connect))]
    [InlineData(nameof(FakeHost.Publish))]
    public async Task Attach_StepFails_TakesAllBack(string step)
    {
        _host.Failing = step;

        await Assert.ThrowsAsync<EngineException>(() => Networks.AttachAsync(Request("one", 80)));

        Assert.Empty(_host.Namespaces);
        Assert.Equal(["unit0"], _host.Links);
        Assert.Empty(_host.Held);
        Assert.Empty(_host.Rules);
        Assert.Empty(_folder.GetFiles("one.json", SearchOption.AllDirectories));
        _host.Failing = null;
        Assert.Equal("172.17.0.2", (await Networks.AttachAsync(Request("one", 80))).Endpoints[0].Address);
    }

    [Fact]
    public async Task Attach_RandomPortsUsedUp_SaysSoAndGivesBack()
    {
        _host.HostProcesses.Add(40001);

        var sandbox = await Networks.AttachAsync(Request("one", 80, 81, 82));
        var error = await Assert.ThrowsAsync<EngineException>(() => Networks.AttachAsync(Request("two", 80)));

        Assert.Equal([40000, 40002, 40003], sandbox.Ports.Select(port => port.HostPort).Order());
        Assert.Equal(EngineErrorKind.Conflict, error.Kind);
        Assert.Contains("all ports are allocated", error.Message, StringComparison.Ordinal);
        await Networks.DetachAsync("one");
        await Networks.AttachAsync(Request("two", 80));
    }

    [Fact]
    public async Task Attach_SamePortTwice_RefusesBoth()
    {
        var request = Request("one") with
        {
            Ports = [new PortBinding { ContainerPort = 80, HostPort = 8080 }, new PortBinding { ContainerPort = 81, HostPort = 8080 }],
        };

        var error = await Assert.ThrowsAsync<EngineException>(() => Networks.AttachAsync(request));

        Assert.Contains("driver failed programming external connectivity on endpoint name-one (", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("Bind for 0.0.0.0:8080 failed: port is already allocated", error.Message, StringComparison.Ordinal);
        Assert.Empty(_host.Held);
    }

    [Fact]
    public async Task Attach_PortOfOursThatLingers_WaitsForIt()
    {
        await GiveBackAsync(8080);

        var attaching = Networks.AttachAsync(At("two", 8080));
        await Eventually.HoldsAsync(() => _clock.Waiting.Count == 1, "it waits for the port");
        Assert.DoesNotContain("two", _host.Namespaces);
        _host.HostProcesses.Clear();
        _clock.Advance(_clock.Waiting[0]);

        Assert.Equal(8080, (await attaching).Ports[0].HostPort);
    }

    [Fact]
    public async Task Attach_PortOfOursThatAProcessTook_IsRefusedAfterAMoment()
    {
        await GiveBackAsync(8080);
        var begun = _clock.GetTimestamp();

        var attaching = Networks.AttachAsync(At("two", 8080));
        await Eventually.HoldsAsync(
            () =>
            {
                _clock.Advance(TimeSpan.FromMilliseconds(50));
                return attaching.IsCompleted;
            },
            "it gives up");

        var error = await Assert.ThrowsAsync<EngineException>(() => attaching);
        Assert.Equal(EngineErrorKind.Conflict, error.Kind);
        Assert.EndsWith("failed to bind host port 0.0.0.0:8080/tcp: address already in use", error.Message, StringComparison.Ordinal);
        Assert.True(_clock.GetElapsedTime(begun) >= TimeSpan.FromSeconds(1));
        Assert.Empty(_host.Namespaces);
        Assert.Empty(_host.Held);
    }

    [Fact]
    public async Task Attach_PortThatWasGivenBackLongAgo_IsRefusedAtOnce()
    {
        await GiveBackAsync(8080);
        _clock.Advance(TimeSpan.FromSeconds(1));

        var attaching = Networks.AttachAsync(At("two", 8080));
        await Eventually.HoldsAsync(() => attaching.IsCompleted, "it is refused");

        await Assert.ThrowsAsync<EngineException>(() => attaching);
    }

    [Fact]
    public async Task Attach_SamePortOfTwoTransports_TakesBoth()
    {
        var request = Request("one") with
        {
            Ports =
            [
                new PortBinding { ContainerPort = 53, HostPort = 53 },
                new PortBinding { ContainerPort = 53, HostPort = 53, Protocol = PortProtocol.Udp },
            ],
        };

        Assert.Equal(2, (await Networks.AttachAsync(request)).Ports.Count);
        Assert.Equal(2, _host.Rules.Count);
    }

    [Fact]
    public async Task Detach_StepFails_CanBeRepeated()
    {
        await Networks.AttachAsync(Request("one", 80));
        _host.Failing = nameof(FakeHost.Withdraw);
        await Assert.ThrowsAsync<EngineException>(() => Networks.DetachAsync("one"));
        Assert.NotNull(Networks.Find("one"));

        _host.Failing = null;
        await Networks.DetachAsync("one");

        Assert.Null(Networks.Find("one"));
        Assert.Empty(_host.Rules);
        Assert.Empty(_host.Held);
    }

    [Fact]
    public async Task Reconcile_PortTakenMeanwhile_KeepsTheContainersRules()
    {
        var port = (await Networks.AttachAsync(Request("one", 80))).Ports[0].HostPort;
        _host.HostProcesses.Add(port);
        _host.Held.Clear();

        await RestartAsync("one");

        Assert.Contains(_host.Rules, rule => rule.HostPort == port);
        Assert.Equal(port, Networks.Find("one")!.Ports[0].HostPort);
    }

    [Fact]
    public async Task Dispose_PortsPublished_EndsHoldsAndKeepsRules()
    {
        await Networks.AttachAsync(Request("one", 80, 81));

        await _services.DisposeAsync();

        Assert.Empty(_host.Held);
        Assert.Equal(2, _host.Rules.Count);
        Assert.Single(_host.Namespaces);
    }

    [Fact]
    public async Task Reconcile_OneCannotBeRepaired_ServesTheOthers()
    {
        await Networks.AttachAsync(Request("one", 80));
        _host.Failing = nameof(FakeHost.Repair);

        await RestartAsync("one");

        Assert.NotNull(Networks.Find("one"));
        await Networks.AttachAsync(Request("two", 80));
    }

    [Fact]
    public async Task Reconcile_HostUsesTheSubnet_MovesOnlyWhileNothingRuns()
    {
        await Networks.AttachAsync(Request("one"));
        _host.UsedSubnets.Add(new IpSubnet(System.Net.IPAddress.Parse("172.17.9.0"), 24));

        await RestartAsync("one");
        Assert.Equal("172.17.0.0/16", (await Networks.ListAsync())[0].Subnet);

        await RestartAsync();
        Assert.Equal("172.18.0.0/16", (await Networks.ListAsync())[0].Subnet);
    }

    [Fact]
    public async Task Reconcile_Again_KeepsIdsOfNetworks()
    {
        var before = await Networks.ListAsync();

        await RestartAsync();

        Assert.Equal(before.Select(network => network.Id), (await Networks.ListAsync()).Select(network => network.Id));
    }

    [Fact]
    public async Task Reconcile_DamagedNetwork_NamesTheFolder()
    {
        var id = (await Networks.ListAsync())[0].Id;
        File.WriteAllText(Path.Combine(_folder.FullName, "data", "networks", id + ".json"), """{"id":"x"}""");
        await _services.DisposeAsync();
        _services = Build();

        var error = await Assert.ThrowsAsync<EngineException>(() => Networks.ReconcileAsync(new HashSet<string>()));

        Assert.Contains("damaged", error.Message, StringComparison.Ordinal);
        Assert.Contains(id, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Remove_RulesForgetTheNetworkBeforeItsSubnetIsAnybodys()
    {
        var link = (await Networks.CreateAsync(new NetworkRequest { Name = "front" })).InterfaceName;
        Assert.Contains(link, _host.Ruled);
        var knownAtRemoval = true;
        _host.OnCall = call => knownAtRemoval = call == nameof(INetworkDriver.Remove) ? _host.Ruled.Contains(link) : knownAtRemoval;

        await Networks.RemoveAsync("front");

        Assert.False(knownAtRemoval);
        Assert.DoesNotContain(link, _host.Links);
    }

    [Fact]
    public async Task Remove_NobodyIsAnsweredAtTheGatewayOnceItsSubnetIsAnybodys()
    {
        var asked = _host.Asked = [];
        await Networks.CreateAsync(new NetworkRequest { Name = "front" });
        await Eventually.HoldsAsync(() => asked.Count == 2, "names are answered");
        var open = 2;
        _host.OnCall = call => open = call == nameof(INetworkDriver.Remove) ? asked.Count(socket => !socket.SafeHandle.IsClosed) : open;

        await Networks.RemoveAsync("front");

        Assert.Equal(0, open);
    }

    [Fact]
    public async Task Remove_LinkStays_NamesAreAnsweredAgain()
    {
        var asked = _host.Asked = [];
        await Networks.CreateAsync(new NetworkRequest { Name = "front" });
        await Eventually.HoldsAsync(() => asked.Count == 2, "names are answered");
        _host.Failing = nameof(INetworkDriver.Remove);

        await Assert.ThrowsAsync<EngineException>(() => Networks.RemoveAsync("front"));

        await Eventually.HoldsAsync(() => asked.Count(socket => !socket.SafeHandle.IsClosed) == 2, "names are answered again");
    }

    [Fact]
    public async Task Remove_LinkStays_RulesKnowItAgainAndASecondRemovalSucceeds()
    {
        var link = (await Networks.CreateAsync(new NetworkRequest { Name = "front" })).InterfaceName;
        _host.Failing = nameof(INetworkDriver.Remove);

        await Assert.ThrowsAsync<EngineException>(() => Networks.RemoveAsync("front"));

        Assert.Contains(link, _host.Ruled);
        _host.Failing = null;
        await Networks.RemoveAsync("front");
        Assert.DoesNotContain(link, _host.Ruled);
        Assert.DoesNotContain(await Networks.ListAsync(), network => network.Name == "front");
    }

    [Fact]
    public async Task Create_RulesFail_LeavesNothing()
    {
        var links = _host.Links.ToArray();
        _host.Failing = nameof(INetworkFirewall.Apply);

        await Assert.ThrowsAsync<EngineException>(() => Networks.CreateAsync(new NetworkRequest { Name = "front" }));

        Assert.Equal(links, _host.Links);
        Assert.DoesNotContain(await Networks.ListAsync(), network => network.Name == "front");
    }

    [Fact]
    public async Task RemoveAll_Used_LeavesNothing()
    {
        await Networks.AttachAsync(Request("one", 80));

        await _services.GetRequiredService<INetworkTeardown>().RemoveAllAsync();

        Assert.Empty(_host.Links);
        Assert.Empty(_host.Namespaces);
        Assert.Empty(_host.Rules);
        Assert.Empty(_host.Held);
        Assert.Empty(Directory.GetFiles(_folder.FullName, "*.json", SearchOption.AllDirectories));
    }

    /// <summary>A container has a port and gives it back; then something else has it.</summary>
    private async Task GiveBackAsync(int port)
    {
        await Networks.AttachAsync(At("one", port));
        await Networks.DetachAsync("one");
        _host.HostProcesses.Add(port);
    }

    private static NetworkAttachment At(string id, int hostPort) =>
        Request(id) with { Ports = [new PortBinding { ContainerPort = 80, HostPort = hostPort }] };

    private static NetworkAttachment Request(string id, params int[] ports)
    {
        return new NetworkAttachment
        {
            ContainerId = id,
            ContainerName = "name-" + id,
            Ports = [.. ports.Select(port => new PortBinding { ContainerPort = port })],
        };
    }

    private async Task RestartAsync(params string[] running)
    {
        if (_services is not null)
        {
            await _services.DisposeAsync();
        }

        _services = Build();
        await Networks.ReconcileAsync(running.ToHashSet());
    }

    private ServiceProvider Build()
    {
        return new ServiceCollection()
            .AddLogging()
            .AddSingleton(new EngineOptions
            {
                Name = "unit",
                DataRoot = Path.Combine(_folder.FullName, "data"),
                RunRoot = Path.Combine(_folder.FullName, "run"),
            })
            .AddSingleton<TimeProvider>(_clock)
            .AddSingleton<IDurableFiles, PlainFiles>()
            .AddSingleton<INetworkDriver>(_host)
            .AddSingleton<INetworkNamespaces>(_host)
            .AddSingleton<INetworkFirewall>(_host)
            .AddSingleton<IHostPorts>(_host)
            .AddSingleton<IHostSubnets>(_host)
            .AddSingleton<INameServerSockets>(_host)
            .AddEngineNetworks()
            .BuildServiceProvider();
    }
}
