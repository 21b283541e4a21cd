using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Errors;
using Portal.Engine.Hosting;
using Portal.Engine.Networks;
using Portal.Engine.Networks.Drivers;
using Portal.Engine.Storage;
using Portal.Testing;

namespace Portal.Engine.Tests.Networks;

/// <summary>Sandboxes of which much is known before they are finished.</summary>
public sealed class BeginAttachTests : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TestSettings.Within(TimeSpan.FromSeconds(30));

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("portal-begin-");
    private readonly FakeHost _host = new();
    private ServiceProvider _services = null!;

    private INetworks Networks => _services.GetRequiredService<INetworks>();

    public async Task InitializeAsync()
    {
        _services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(new EngineOptions { Name = "test", DataRoot = $"{_folder.FullName}/data", RunRoot = $"{_folder.FullName}/run" })
            .AddSingleton(TimeProvider.System)
            .AddSingleton<IDurableFiles, PlainFiles>()
            .AddSingleton<INetworkDriver>(_host)
            .AddSingleton<INetworkNamespaces>(_host)
            .AddSingleton<INetworkFirewall>(_host)
            .AddSingleton<IHostPorts>(_host)
            .AddSingleton<IHostSubnets>(_host)
            .AddSingleton<INameServerSockets>(_host)
            .AddEngineNetworks()
            .BuildServiceProvider();
        await Networks.ReconcileAsync(new HashSet<string>());
    }

    public async Task DisposeAsync()
    {
        await _services.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task BeginAttach_InterfaceNotThere_TellsAddressesPortsAndNamespace()
    {
        using var goOn = new ManualResetEventSlim();
        _host.OnCall = call => Assert.True(call != nameof(_host.Connect) || goOn.Wait(s_patience));

        var beginning = await Networks.BeginAttachAsync(Request("one", 80));
        await beginning.HasNamespace.WaitAsync(s_patience);

        Assert.Equal("172.17.0.2", beginning.Planned.Endpoints[0].Address);
        Assert.True(beginning.Planned.Endpoints[0].HasDefaultRoute);
        Assert.Equal(80, beginning.Planned.Ports[0].HostPort);
        Assert.Equal(_host.Find("one"), beginning.Planned.NamespacePath);
        Assert.False(beginning.Finished.IsCompleted);
        Assert.Null(Networks.Find("one"));

        goOn.Set();
        var sandbox = await beginning.Finished.WaitAsync(s_patience);
        Assert.Equal(beginning.Planned.Endpoints[0].Address, sandbox.Endpoints[0].Address);
        Assert.Contains(sandbox.Endpoints[0].HostInterfaceName!, _host.Links);
        Assert.Same(sandbox, Networks.Find("one"));
        Assert.Single(_host.Rules);
    }

    [Fact]
    public async Task BeginAttach_NamespaceNotThere_TellsItsPathAlready()
    {
        using var goOn = new ManualResetEventSlim();
        _host.OnCall = call => Assert.True(call != nameof(_host.Create) || goOn.Wait(s_patience));

        var beginning = await Networks.BeginAttachAsync(Request("one"));

        Assert.Equal(_host.PathOf("one"), beginning.Planned.NamespacePath);
        Assert.False(beginning.HasNamespace.IsCompleted);
        goOn.Set();
        await beginning.HasNamespace.WaitAsync(s_patience);
        await beginning.Finished.WaitAsync(s_patience);
    }

    [Theory]
    [InlineData("Connect")]
    [InlineData("Publish")]
    public async Task BeginAttach_FailsLater_FailsThereAndLeavesNothing(string failing)
    {
        _host.Failing = failing;

        var beginning = await Networks.BeginAttachAsync(Request("one", 80));
        var failure = await Assert.ThrowsAsync<EngineException>(() => beginning.Finished.WaitAsync(s_patience));

        Assert.Equal($"{failing} failed", failure.Message);
        Assert.Empty(_host.Namespaces);
        Assert.Empty(_host.Held);
        Assert.Null(Networks.Find("one"));
        _host.Failing = null;
        Assert.Equal("172.17.0.2", (await Networks.AttachAsync(Request("one", 80))).Endpoints[0].Address);
    }

    [Fact]
    public async Task BeginAttach_NoNamespace_FailsForWhoWaitsForThatAlone()
    {
        _host.Failing = nameof(_host.Create);

        var beginning = await Networks.BeginAttachAsync(Request("one"));

        await Assert.ThrowsAsync<EngineException>(() => beginning.HasNamespace.WaitAsync(s_patience));
        await Assert.ThrowsAsync<EngineException>(() => beginning.Finished.WaitAsync(s_patience));
    }

    [Fact]
    public async Task BeginAttach_PortInUse_FailsAtOnce()
    {
        await Networks.AttachAsync(Request("one", 80));

        var failure = await Assert.ThrowsAsync<EngineException>(() => Networks.BeginAttachAsync(Request("two", 80)));

        Assert.Equal(EngineErrorKind.Conflict, failure.Kind);
        Assert.Equal(["one"], _host.Namespaces);
    }

    [Fact]
    public async Task Detach_WhileItIsBeingMade_ComesAfterThat()
    {
        using var goOn = new ManualResetEventSlim();
        _host.OnCall = call => Assert.True(call != nameof(_host.Connect) || goOn.Wait(s_patience));
        var beginning = await Networks.BeginAttachAsync(Request("one"));

        var detaching = Networks.DetachAsync("one");
        goOn.Set();
        await detaching.WaitAsync(s_patience);

        Assert.True(beginning.Finished.IsCompletedSuccessfully);
        Assert.Empty(_host.Namespaces);
        Assert.Null(Networks.Find("one"));
    }

    private static NetworkAttachment Request(string containerId, params int[] ports) => new()
    {
        ContainerId = containerId,
        ContainerName = containerId,
        Mode = "bridge",
        Ports = [.. ports.Select(port => new PortBinding { ContainerPort = port, HostPort = port })],
    };
}
