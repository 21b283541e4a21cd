using Portal.Engine.Events;

namespace Portal.Engine.Networks.Reporting;

/// <summary>Networks that tell events of what happens to them, with Docker's actors and attributes.</summary>
internal sealed class ToldNetworks(INetworks inner, IEngineEvents events) : INetworks
{
    public Task ReconcileAsync(IReadOnlySet<string> runningContainerIds, CancellationToken cancellationToken = default) =>
        inner.ReconcileAsync(runningContainerIds, cancellationToken);

    public async Task<NetworkSandbox> AttachAsync(NetworkAttachment attachment, CancellationToken cancellationToken = default)
    {
        return await TellAsync(attachment.ContainerId, inner.AttachAsync(attachment, cancellationToken)).ConfigureAwait(false);
    }

    public async Task<NetworkBeginning> BeginAttachAsync(NetworkAttachment attachment, CancellationToken cancellationToken = default)
    {
        var beginning = await inner.BeginAttachAsync(attachment, cancellationToken).ConfigureAwait(false);
        return beginning with { Finished = TellAsync(attachment.ContainerId, beginning.Finished) };
    }

    public async Task DetachAsync(string containerId, CancellationToken cancellationToken = default)
    {
        var endpoints = inner.Find(containerId)?.Endpoints ?? [];
        await inner.DetachAsync(containerId, cancellationToken).ConfigureAwait(false);
        Tell("disconnect", containerId, endpoints);
    }

    public NetworkSandbox? Find(string containerId) => inner.Find(containerId);

    public async Task<NetworkSummary> CreateAsync(NetworkRequest request, CancellationToken cancellationToken = default)
    {
        var network = await inner.CreateAsync(request, cancellationToken).ConfigureAwait(false);
        Tell("create", network);
        return network;
    }

    public async Task RemoveAsync(string network, CancellationToken cancellationToken = default)
    {
        var all = await inner.ListAsync(cancellationToken).ConfigureAwait(false);
        await inner.RemoveAsync(network, cancellationToken).ConfigureAwait(false);
        var left = await inner.ListAsync(CancellationToken.None).ConfigureAwait(false);
        foreach (var gone in all.Where(one => Means(one, network) && left.All(other => other.Id != one.Id)))
        {
            Tell("destroy", gone);
        }
    }

    public async Task<NetworkSandbox> ConnectAsync(
        string containerId, NetworkConnection connection, CancellationToken cancellationToken = default)
    {
        var before = inner.Find(containerId)?.Endpoints ?? [];
        var sandbox = await inner.ConnectAsync(containerId, connection, cancellationToken).ConfigureAwait(false);
        Tell("connect", containerId, sandbox.Endpoints.Where(endpoint => before.All(other => other.NetworkId != endpoint.NetworkId)));
        return sandbox;
    }

    public async Task<NetworkSandbox> DisconnectAsync(
        string containerId, string network, CancellationToken cancellationToken = default)
    {
        var before = inner.Find(containerId)?.Endpoints ?? [];
        var sandbox = await inner.DisconnectAsync(containerId, network, cancellationToken).ConfigureAwait(false);
        Tell("disconnect", containerId, before.Where(endpoint => sandbox.Endpoints.All(other => other.NetworkId != endpoint.NetworkId)));
        return sandbox;
    }

    public Task RenameAsync(string containerId, string newName, CancellationToken cancellationToken = default) =>
        inner.RenameAsync(containerId, newName, cancellationToken);

    public Task<IReadOnlyList<NetworkSummary>> ListAsync(CancellationToken cancellationToken = default) =>
        inner.ListAsync(cancellationToken);

    private static bool Means(NetworkSummary network, string reference) =>
        network.Name == reference || network.Id.StartsWith(reference, StringComparison.Ordinal);

    private async Task<NetworkSandbox> TellAsync(string containerId, Task<NetworkSandbox> attaching)
    {
        var sandbox = await attaching.ConfigureAwait(false);
        Tell("connect", containerId, sandbox.Endpoints);
        return sandbox;
    }

    private void Tell(string action, NetworkSummary network)
    {
        events.Publish(
            EngineEventType.Network,
            action,
            network.Id,
            new Dictionary<string, string> { ["name"] = network.Name, ["type"] = network.Driver });
    }

    private void Tell(string action, string containerId, IEnumerable<NetworkEndpoint> endpoints)
    {
        foreach (var endpoint in endpoints)
        {
            // Only bridges have endpoints.
            events.Publish(
                EngineEventType.Network,
                action,
                endpoint.NetworkId,
                new Dictionary<string, string> { ["container"] = containerId, ["name"] = endpoint.NetworkName, ["type"] = "bridge" });
        }
    }
}
