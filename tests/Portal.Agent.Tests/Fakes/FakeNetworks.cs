using Portal.Engine.Errors;
using Portal.Engine.Networks;

namespace Portal.Agent.Tests.Fakes;

/// <summary>One bridge.</summary>
public sealed class FakeNetworks : INetworks
{
    public Task ReconcileAsync(IReadOnlySet<string> runningContainerIds, CancellationToken cancellationToken = default) =>
        Task.CompletedTask;

    public Task<NetworkSandbox> AttachAsync(NetworkAttachment attachment, CancellationToken cancellationToken = default) =>
        Task.FromResult(new NetworkSandbox { ContainerId = attachment.ContainerId });

    public Task DetachAsync(string containerId, CancellationToken cancellationToken = default) => Task.CompletedTask;

    public NetworkSandbox? Find(string containerId) => null;

    public Task<NetworkSummary> CreateAsync(NetworkRequest request, CancellationToken cancellationToken = default) =>
        throw EngineException.Conflict("the fake makes no networks");

    public Task RenameAsync(string containerId, string newName, CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task RemoveAsync(string network, CancellationToken cancellationToken = default) =>
        throw EngineException.NotFound($"network {network} not found");

    public Task<NetworkSandbox> ConnectAsync(
        string containerId, NetworkConnection connection, CancellationToken cancellationToken = default) =>
        throw EngineException.NotFound($"network {connection.Network} not found");

    public Task<NetworkSandbox> DisconnectAsync(
        string containerId, string network, CancellationToken cancellationToken = default) =>
        throw EngineException.NotFound($"network {network} not found");

    public Task<IReadOnlyList<NetworkSummary>> ListAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<NetworkSummary>>(
            [new NetworkSummary(new string('c', 64), "bridge", "bridge", "172.30.0.0/24", "172.30.0.1", "fake0", default)]);
}
