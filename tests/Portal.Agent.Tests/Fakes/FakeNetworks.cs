using System.Collections.Concurrent;
using System.Security.Cryptography;
using Portal.Engine.Containers;
using Portal.Engine.Errors;
using Portal.Engine.Networks;

namespace Portal.Agent.Tests.Fakes;

/// <summary>A bridge, and those that are made beside it.</summary>
public sealed class FakeNetworks : INetworks, IContainerNetworks
{
    private readonly ConcurrentDictionary<string, NetworkSummary> _networks = new();

    public FakeNetworks()
    {
        _networks["bridge"] = new NetworkSummary(
            new string('c', 64), "bridge", "bridge", "172.30.0.0/24", "172.30.0.1", "fake0", DateTimeOffset.UnixEpoch);
    }

    public NetworkRequest? LastRequest { get; private set; }

    public ConcurrentQueue<(string Container, NetworkConnection? Connection, string Network)> Changes { get; } = new();

    public Task ReconcileAsync(IReadOnlySet<string> runningContainerIds, CancellationToken cancellationToken = default) =>
        Task.CompletedTask;

    public Task<NetworkSandbox> AttachAsync(NetworkAttachment attachment, CancellationToken cancellationToken = default) =>
        Task.FromResult(new NetworkSandbox { ContainerId = attachment.ContainerId });

    public Task DetachAsync(string containerId, CancellationToken cancellationToken = default) => Task.CompletedTask;

    public NetworkSandbox? Find(string containerId) => null;

    public Task<NetworkSummary> CreateAsync(NetworkRequest request, CancellationToken cancellationToken = default)
    {
        LastRequest = request;
        var id = RandomNumberGenerator.GetHexString(64, lowercase: true);
        var made = new NetworkSummary(id, request.Name, request.Driver, "", "", "", TimeProvider.System.GetUtcNow())
        {
            Subnets = request.Subnets,
            Labels = request.Labels,
            Options = request.Options,
        };
        return _networks.TryAdd(request.Name, made)
            ? Task.FromResult(made)
            : throw EngineException.Conflict($"network with name {request.Name} already exists");
    }

    public Task RenameAsync(string containerId, string newName, CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task RemoveAsync(string network, CancellationToken cancellationToken = default)
    {
        var found = _networks.Values.FirstOrDefault(one => one.Id == network) ?? throw EngineException.NotFound($"network {network} not found");
        _networks.TryRemove(found.Name, out _);
        return Task.CompletedTask;
    }

    public Task<NetworkSandbox> ConnectAsync(
        string containerId, NetworkConnection connection, CancellationToken cancellationToken = default) =>
        throw EngineException.NotFound($"network {connection.Network} not found");

    public Task<NetworkSandbox> DisconnectAsync(
        string containerId, string network, CancellationToken cancellationToken = default) =>
        throw EngineException.NotFound($"network {network} not found");

    public Task<IReadOnlyList<NetworkSummary>> ListAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<NetworkSummary>>([.. _networks.Values]);

    Task IContainerNetworks.ConnectAsync(string container, NetworkConnection connection, CancellationToken cancellationToken)
    {
        Changes.Enqueue((container, connection, connection.Network));
        return Task.CompletedTask;
    }

    Task IContainerNetworks.DisconnectAsync(string container, string network, CancellationToken cancellationToken)
    {
        Changes.Enqueue((container, null, network));
        return Task.CompletedTask;
    }
}
