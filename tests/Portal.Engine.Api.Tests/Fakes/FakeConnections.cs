using Portal.Engine.Containers;
using Portal.Engine.Networks;

namespace Portal.Engine.Api.Tests.Fakes;

/// <summary>Notes what was connected.</summary>
internal sealed class FakeConnections : IContainerNetworks
{
    public List<(string Container, NetworkConnection Connection)> Connected { get; } = [];

    public Task ConnectAsync(string container, NetworkConnection connection, CancellationToken cancellationToken = default)
    {
        Connected.Add((container, connection));
        return Task.CompletedTask;
    }

    public Task DisconnectAsync(string container, string network, CancellationToken cancellationToken = default)
    {
        Connected.RemoveAll(made => made.Container == container);
        return Task.CompletedTask;
    }
}
