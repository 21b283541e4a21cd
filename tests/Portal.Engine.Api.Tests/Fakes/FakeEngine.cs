using System.Runtime.CompilerServices;
using Portal.Engine.Events;
using Portal.Engine.Hosts;
using Portal.Engine.Logs;
using Portal.Engine.Errors;
using Portal.Engine.Networks;
using Portal.Engine.Stats;

namespace Portal.Engine.Api.Tests.Fakes;

/// <summary>The smaller facades: what a test puts in comes out.</summary>
internal sealed class FakeEngine : IContainerLogs, IContainerStats, IEngineEvents, INetworks, IHostFacts
{
    public string Architecture { get; set; } = "amd64";

    public List<LogRecord> Log { get; } = [];

    public LogQuery? LogQuery { get; private set; }

    public List<ContainerSample> Samples { get; } = [];

    public List<EngineEvent> Events { get; } = [];

    public long LastSequence => Events.Count;

    public async IAsyncEnumerable<LogRecord> ReadAsync(
        string container, LogQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        LogQuery = query;
        foreach (var record in Log)
        {
            yield return record;
        }

        if (query.Follow)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
    }

    public async IAsyncEnumerable<ContainerSample> WatchAsync(
        string container, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var sample in Samples)
        {
            await Task.Yield();
            yield return sample;
        }
    }

    public async IAsyncEnumerable<IReadOnlyList<ContainerSample>> WatchAllAsync(
        TimeSpan interval, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        yield return Samples;
    }

    Task<ContainerSample?> IContainerStats.ReadAsync(string container, CancellationToken cancellationToken)
    {
        return Task.FromResult(Samples.FirstOrDefault());
    }

    public void Publish(EngineEventType type, string action, string actorId, IReadOnlyDictionary<string, string> attributes)
    {
        Events.Add(new EngineEvent(Events.Count + 1, DateTimeOffset.UnixEpoch.AddSeconds(Events.Count), type, action, actorId, attributes));
    }

    async IAsyncEnumerable<EngineEvent> IEngineEvents.ReadAsync(
        long afterSequence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var happened in Events.Where(happened => afterSequence >= 0 && happened.Sequence > afterSequence))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return happened;
        }

        await Task.Delay(Timeout.Infinite, cancellationToken);
    }

    public Task ReconcileAsync(IReadOnlySet<string> runningContainerIds, CancellationToken cancellationToken = default)
    {
        return Task.CompletedTask;
    }

    public Task<NetworkSandbox> AttachAsync(NetworkAttachment attachment, CancellationToken cancellationToken = default)
    {
        return Task.FromResult(new NetworkSandbox { ContainerId = attachment.ContainerId });
    }

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

    public Task<IReadOnlyList<NetworkSummary>> ListAsync(CancellationToken cancellationToken = default)
    {
        return Task.FromResult<IReadOnlyList<NetworkSummary>>(
        [
            new NetworkSummary(new string('7', 64), "bridge", "bridge", "172.30.0.0/16", "172.30.0.1", "pt0", DateTimeOffset.UnixEpoch),
            new NetworkSummary(new string('8', 64), "none", "null", "", "", "", DateTimeOffset.UnixEpoch),
        ]);
    }

    Task<HostFacts> IHostFacts.ReadAsync(CancellationToken cancellationToken)
    {
        return Task.FromResult(new HostFacts
        {
            Hostname = "box",
            PlatformArchitecture = Architecture,
            Runtime = "runc",
            RuntimeVersion = "1.1.5",
            KernelMemoryTcp = true,
            BridgeFilters = true,
        });
    }
}
