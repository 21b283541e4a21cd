using System.Collections.Immutable;
using Portal.Contracts.Hubs;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Overlays.Telling;

/// <summary>What this portal knows of what a node knows.</summary>
/// <param name="At">When it was asked last.</param>
/// <param name="Versions">By network: the table that it goes by.</param>
internal sealed record ToldNode(DateTimeOffset At, IReadOnlyDictionary<string, long> Versions)
{
    private long NetworksVersion { get; init; }

    private ImmutableDictionary<string, ContainerView> Containers { get; init; } = ImmutableDictionary<string, ContainerView>.Empty;

    /// <summary>Addresses of its own that it was told nobody leads to any more.</summary>
    public IReadOnlySet<string> Left { get; init; } = ImmutableHashSet<string>.Empty;

    /// <summary>True when it can't answer at a port now.</summary>
    public bool LacksPorts { get; init; }

    /// <summary>Since when it is there.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>False for an agent that has no such networks.</summary>
    public bool Speaks { get; init; } = true;

    /// <summary>True when it did not answer as it should.</summary>
    public bool HasFailed { get; init; }

    public static ToldNode Of(NodeState node, DateTimeOffset now, IReadOnlyDictionary<string, long> versions) => new(now, versions)
    {
        NetworksVersion = node.NetworksVersion,
        Containers = node.Containers,
        Since = node.Since,
    };

    /// <summary>True when the node is as it was when it was asked: no container came, went or was renamed.</summary>
    public bool IsOf(NodeState node) =>
        node.NetworksVersion == NetworksVersion && ReferenceEquals(node.Containers, Containers);
}
