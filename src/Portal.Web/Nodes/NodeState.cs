using System.Collections.Immutable;
using Portal.Contracts.Hubs;
using Portal.Web.Nodes.Upgrades;

namespace Portal.Web.Nodes;

/// <summary>One node at one moment.</summary>
public sealed record NodeState
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    /// <summary>The environment that it is in; null for none.</summary>
    public FleetEnvironment? Environment { get; init; }

    public ImmutableSortedDictionary<string, string> Labels { get; init; } = NodeLabels.None;

    /// <summary>Whether it takes new containers and images.</summary>
    public NodeDuty Duty { get; init; }

    /// <summary>Why it does not, in the words of who said so; maybe empty.</summary>
    public string DutyNote { get; init; } = "";

    /// <summary>Of the key that it signs in with, as people compare it.</summary>
    public string KeyFingerprint { get; init; } = "";

    /// <summary>Since when it signs in with that key.</summary>
    public DateTimeOffset? KeySince { get; init; }

    /// <summary>Whether new containers and images may come here.</summary>
    public bool TakesPlacements => Duty == NodeDuty.Active;

    /// <summary>Whether both connections of the link stand and answer.</summary>
    public NodePresence Presence { get; init; }

    /// <summary>When <see cref="Presence"/> last changed.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Round trip of the last ping over the link; null while offline.</summary>
    public TimeSpan? Latency { get; init; }

    /// <summary>As last announced; null when the node was never online since this portal started.</summary>
    public NodeFacts? Facts { get; init; }

    /// <summary>The upgrade of its agent that this portal was asked for last; null when there was none since it started.</summary>
    public NodeUpgrade? Upgrade { get; init; }

    /// <summary>The newest counters; null while offline.</summary>
    public NodeSample? Sample { get; init; }

    /// <summary>The counters of the last five minutes, oldest first.</summary>
    public ImmutableArray<NodeSample> History { get; init; } = [];

    /// <summary>Grows whenever the node's images may have changed: who shows them then reads them again.</summary>
    public long ImagesVersion { get; init; }

    /// <summary>Grows whenever the node's volumes may have changed: who shows them then reads them again.</summary>
    public long VolumesVersion { get; init; }

    /// <summary>Grows whenever the node's networks, or who is on them, may have changed: who shows them then reads them again.</summary>
    public long NetworksVersion { get; init; }

    /// <summary>By full id, as last told; kept, and marked stale by <see cref="Presence"/>, while the node is offline.</summary>
    public ImmutableDictionary<string, ContainerView> Containers { get; init; } = ImmutableDictionary<string, ContainerView>.Empty;
}
