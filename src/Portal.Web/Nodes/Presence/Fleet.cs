using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Portal.Contracts.Hubs;
using Portal.Contracts.Link;
using Portal.Web.Nodes.Storage;
using Portal.Web.Nodes.Upgrades;

namespace Portal.Web.Nodes.Presence;

/// <summary>The one picture of all nodes. Whoever learns something replaces it; whoever watches gets the newest.</summary>
/// <remarks>Singleton; any thread. Changes are made one after another under a lock, readers take none.</remarks>
internal sealed class Fleet(TimeProvider time) : IFleet
{
    private const int HistoryLength = 150;
    private static readonly TimeSpan s_watchInterval = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly HashSet<Guid> _linked = [];
    private readonly HashSet<Guid> _announced = [];
    private TaskCompletionSource _changed = NewSignal();
    private FleetState _current = FleetState.Empty;

    public FleetState Current => Volatile.Read(ref _current);

    public async IAsyncEnumerable<FleetState> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            // The signal first: a change between the two lines makes the next round come at once instead of never.
            var changed = Volatile.Read(ref _changed).Task;
            yield return Current;
            await changed.WaitAsync(cancellationToken);
            await Task.Delay(s_watchInterval, time, cancellationToken);
        }
    }

    /// <summary>Adds nodes, or gives them another name.</summary>
    public void AddOrRename(IEnumerable<(Guid Id, string Name)> nodes)
    {
        lock (_lock)
        {
            var builder = _current.Nodes.ToBuilder();
            foreach (var (id, name) in nodes)
            {
                var node = builder.GetValueOrDefault(id) ?? new NodeState { Id = id, Name = name };
                builder[id] = WithPresence(node with { Name = name });
            }

            var changed = builder.ToImmutable();
            if (changed != _current.Nodes)
            {
                Publish(changed);
            }
        }
    }

    /// <summary>Adds a node that another portal has taken in a moment ago; passes over one that is there.</summary>
    public void AddIfNew(NodeRecord node)
    {
        if (!Current.Nodes.ContainsKey(node.Id))
        {
            AddOrRename([(node.Id, node.Name)]);
            Place([node]);
        }
    }

    /// <summary>What people have said of nodes, where it is other than before. Nodes that the picture does not have are passed over.</summary>
    public void Place(IEnumerable<NodeRecord> records)
    {
        lock (_lock)
        {
            var builder = _current.Nodes.ToBuilder();
            foreach (var record in records)
            {
                if (builder.TryGetValue(record.Id, out var node) && !IsSame(node, record))
                {
                    builder[record.Id] = node with
                    {
                        Environment = record.Environment,
                        Labels = record.Labels,
                        Duty = record.Duty,
                        DutyNote = record.DutyNote,
                        KeyFingerprint = KeyFingerprint.Of(record.PublicKey),
                        KeySince = record.KeySince,
                    };
                }
            }

            var nodes = builder.ToImmutable();
            if (nodes != _current.Nodes)
            {
                Publish(nodes);
            }
        }
    }

    public void Remove(Guid nodeId)
    {
        lock (_lock)
        {
            _linked.Remove(nodeId);
            _announced.Remove(nodeId);
            Publish(_current.Nodes.Remove(nodeId));
        }
    }

    /// <summary>The reverse connection answers with this round trip; null when it is gone.</summary>
    public void SetLink(Guid nodeId, TimeSpan? latency)
    {
        Change(nodeId, node => node with { Latency = latency }, () => SetMember(_linked, nodeId, latency is not null));
    }

    /// <summary>The telemetry connection has brought its snapshot.</summary>
    public void SetSnapshot(Guid nodeId, NodeSnapshot snapshot)
    {
        var containers = snapshot.Containers.ToImmutableDictionary(container => container.Id, StringComparer.Ordinal);
        Change(
            nodeId,
            node => node with { Facts = snapshot.Info, Containers = containers },
            () => SetMember(_announced, nodeId, true));
    }

    /// <summary>The telemetry connection is gone.</summary>
    public void ClearTelemetry(Guid nodeId)
    {
        Change(nodeId, node => node with { Sample = null }, () => SetMember(_announced, nodeId, false));
    }

    public void SetContainers(Guid nodeId, ContainerChanges changes)
    {
        Change(nodeId, node => node with
        {
            Containers = node.Containers
                .RemoveRange(changes.RemovedIds)
                .SetItems(changes.Changed.Select(container => KeyValuePair.Create(container.Id, container))),
        });
    }

    /// <summary>The node has other images than before.</summary>
    public void TouchImages(Guid nodeId)
    {
        Change(nodeId, node => node with { ImagesVersion = node.ImagesVersion + 1 });
    }

    /// <summary>The node has other volumes than before.</summary>
    public void TouchVolumes(Guid nodeId)
    {
        Change(nodeId, node => node with { VolumesVersion = node.VolumesVersion + 1 });
    }

    /// <summary>The node has other networks than before, or other containers on them.</summary>
    public void TouchNetworks(Guid nodeId)
    {
        Change(nodeId, node => node with { NetworksVersion = node.NetworksVersion + 1 });
    }

    /// <summary>How far an upgrade of the node's agent is; null for none.</summary>
    public void SetUpgrade(Guid nodeId, NodeUpgrade? upgrade)
    {
        Change(nodeId, node => node with { Upgrade = upgrade });
    }

    public void AddSample(Guid nodeId, NodeSample sample)
    {
        Change(nodeId, node => node with
        {
            Sample = sample,
            History = node.History.Length < HistoryLength
                ? node.History.Add(sample)
                : [.. node.History.AsSpan()[^(HistoryLength - 1)..], sample],
        });
    }

    private void Change(Guid nodeId, Func<NodeState, NodeState> change, Action? before = null)
    {
        lock (_lock)
        {
            before?.Invoke();
            if (_current.Nodes.TryGetValue(nodeId, out var node))
            {
                Publish(_current.Nodes.SetItem(nodeId, WithPresence(change(node))));
            }
        }
    }

    private NodeState WithPresence(NodeState node)
    {
        var presence = !_linked.Contains(node.Id) ? NodePresence.Offline
            : _announced.Contains(node.Id) ? NodePresence.Online
            : NodePresence.Connecting;
        return presence == node.Presence ? node : node with { Presence = presence, Since = time.GetUtcNow() };
    }

    private void Publish(ImmutableDictionary<Guid, NodeState> nodes)
    {
        Volatile.Write(ref _current, new FleetState(_current.Version + 1, nodes));
        var changed = _changed;
        Volatile.Write(ref _changed, NewSignal());
        changed.SetResult();
    }

    private static bool IsSame(NodeState node, NodeRecord record) =>
        node.Environment == record.Environment
        && node.Duty == record.Duty
        && node.DutyNote == record.DutyNote
        && node.KeySince == record.KeySince
        && node.Labels.SequenceEqual(record.Labels);

    private static void SetMember(HashSet<Guid> set, Guid nodeId, bool member)
    {
        if (member)
        {
            set.Add(nodeId);
        }
        else
        {
            set.Remove(nodeId);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
