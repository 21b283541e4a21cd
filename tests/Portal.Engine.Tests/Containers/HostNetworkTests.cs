using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Containers;
using Portal.Engine.Errors;
using Portal.Engine.Networks;
using Portal.Testing.Engine;

namespace Portal.Engine.Tests.Containers;

/// <summary>
/// The host's network is a container's by its mode alone, as it was created: that is what permissions and policies look at. Leave to connect containers
/// to networks must not lead there.
/// </summary>
public sealed class HostNetworkTests : IAsyncLifetime
{
    private static readonly NetworkSummary[] s_networks = [Summary('b', "bridge", "bridge"), Summary('c', "host", "host")];
    private FakeEngine _engine = null!;

    private IContainerNetworks Connections => _engine.Services.GetRequiredService<IContainerNetworks>();

    public async Task InitializeAsync()
    {
        _engine = await FakeEngine.StartAsync();
        _engine.Networks.Summaries = s_networks;
    }

    public async Task DisposeAsync() => await _engine.DisposeAsync();

    [Theory]
    [InlineData("bridge", true)]
    [InlineData("bridge", false)]
    [InlineData("none", true)]
    public async Task Connect_OfAContainerThatDoesNotRun_ToTheHostsNetwork_IsRefused(string mode, bool byName)
    {
        var id = (await _engine.Containers.CreateAsync(new ContainerSpec { Image = "busybox", NetworkMode = mode })).Id;
        if (mode == "bridge")
        {
            await Connections.DisconnectAsync(id, mode);
        }

        var connection = new NetworkConnection { Network = byName ? "host" : s_networks[1].Id };
        var error = await Assert.ThrowsAsync<EngineException>(() => Connections.ConnectAsync(id, connection));
        await _engine.Containers.StartAsync(id);

        Assert.Equal(EngineErrorKind.Forbidden, error.Kind);
        Assert.Equal("none", Assert.Single(_engine.Networks.Attachments).Mode);
    }

    private static NetworkSummary Summary(char digit, string name, string driver) =>
        new(new string(digit, 64), name, driver, "", "", "", DateTimeOffset.UnixEpoch);
}
