using System.Collections.Concurrent;
using Portal.Engine.Errors;
using Portal.Engine.Networks;

namespace Portal.Testing.Engine;

/// <summary>Networks without a kernel: addresses are handed out, ports are booked.</summary>
public sealed class FakeNetworks : INetworks
{
    private readonly ConcurrentDictionary<string, NetworkSandbox> _sandboxes = new();
    private int _lastAddress = 1;
    private int _lastPort = 32767;

    /// <summary>Called by <see cref="AttachAsync"/>; may throw.</summary>
    public Func<NetworkAttachment, Task> OnAttach { get; set; } = _ => Task.CompletedTask;

    /// <summary>When set, sandboxes are begun, and finished after this; it may throw.</summary>
    public Func<string, Task>? OnFinish { get; set; }

    /// <summary>What <see cref="ListAsync"/> tells.</summary>
    public IReadOnlyList<NetworkSummary> Summaries { get; set; } = [];

    public ConcurrentQueue<NetworkAttachment> Attachments { get; } = new();

    public IReadOnlyCollection<string> Attached => _sandboxes.Keys.ToList();

    public Task ReconcileAsync(IReadOnlySet<string> runningContainerIds, CancellationToken cancellationToken = default)
    {
        foreach (var id in _sandboxes.Keys.Where(id => !runningContainerIds.Contains(id)))
        {
            _sandboxes.TryRemove(id, out _);
        }

        return Task.CompletedTask;
    }

    public async Task<NetworkSandbox> AttachAsync(NetworkAttachment attachment, CancellationToken cancellationToken = default)
    {
        Attachments.Enqueue(attachment);
        await OnAttach(attachment);
        foreach (var port in attachment.Ports.Where(port => port.HostPort != 0))
        {
            if (_sandboxes.Values.Any(other => other.Ports.Any(taken => taken.HostPort == port.HostPort)))
            {
                throw EngineException.Conflict($"Bind for 0.0.0.0:{port.HostPort} failed: port is already allocated");
            }
        }

        return _sandboxes.GetOrAdd(attachment.ContainerId, id => Make(id, attachment));
    }

    public async Task<NetworkBeginning> BeginAttachAsync(NetworkAttachment attachment, CancellationToken cancellationToken = default)
    {
        var sandbox = await AttachAsync(attachment, cancellationToken);
        return OnFinish is null
            ? NetworkBeginning.Of(sandbox)
            : new NetworkBeginning(sandbox, Task.CompletedTask, FinishAsync(OnFinish, sandbox));
    }

    public Task DetachAsync(string containerId, CancellationToken cancellationToken = default)
    {
        _sandboxes.TryRemove(containerId, out _);
        return Task.CompletedTask;
    }

    public NetworkSandbox? Find(string containerId) => _sandboxes.GetValueOrDefault(containerId);

    public Task<NetworkSummary> CreateAsync(NetworkRequest request, CancellationToken cancellationToken = default) =>
        throw EngineException.Conflict("the fake makes no networks");

    /// <summary>Names that were changed.</summary>
    public ConcurrentQueue<(string ContainerId, string Name)> Renames { get; } = new();

    public Task RenameAsync(string containerId, string newName, CancellationToken cancellationToken = default)
    {
        Renames.Enqueue((containerId, newName));
        return Task.CompletedTask;
    }

    public Task RemoveAsync(string network, CancellationToken cancellationToken = default) =>
        throw EngineException.NotFound($"network {network} not found");

    public Task<NetworkSandbox> ConnectAsync(
        string containerId, NetworkConnection connection, CancellationToken cancellationToken = default) =>
        throw EngineException.NotFound($"network {connection.Network} not found");

    public Task<NetworkSandbox> DisconnectAsync(
        string containerId, string network, CancellationToken cancellationToken = default) =>
        throw EngineException.NotFound($"network {network} not found");

    public Task<IReadOnlyList<NetworkSummary>> ListAsync(CancellationToken cancellationToken = default)
    {
        return Task.FromResult(Summaries);
    }

    private async Task<NetworkSandbox> FinishAsync(Func<string, Task> finish, NetworkSandbox sandbox)
    {
        try
        {
            await finish(sandbox.ContainerId);
            return sandbox;
        }
        catch
        {
            _sandboxes.TryRemove(sandbox.ContainerId, out _);
            throw;
        }
    }

    private NetworkSandbox Make(string id, NetworkAttachment attachment)
    {
        var endpoint = new NetworkEndpoint
        {
            NetworkId = new string('e', 64),
            NetworkName = "bridge",
            EndpointId = new string('f', 64),
            Address = $"172.30.0.{Interlocked.Increment(ref _lastAddress)}",
            PrefixLength = 16,
            Gateway = "172.30.0.1",
        };
        return new NetworkSandbox
        {
            ContainerId = id,
            NamespacePath = attachment.Mode == "host" ? null : $"/run/netns/{id}",
            Endpoints = attachment.Mode is "host" or "none" ? [] : [endpoint],
            Ports = attachment.Ports
                .Select(port => port.HostPort != 0 ? port : port with { HostPort = Interlocked.Increment(ref _lastPort) })
                .ToList(),
        };
    }
}
