using System.Collections.Immutable;
using Portal.Contracts.Link;

namespace Portal.Web.Nodes.Waiting;

/// <summary>A host that asks to become a node.</summary>
public sealed record WaitingHost
{
    public required Guid Id { get; init; }

    public required string Hostname { get; init; }

    /// <summary>Of its key, as <c>agent join</c> prints it on the host.</summary>
    public required string Fingerprint { get; init; }

    public required string AgentVersion { get; init; }

    /// <summary>What it says of itself.</summary>
    public required HostSummary Host { get; init; }

    /// <summary>Where it came from.</summary>
    public required string Address { get; init; }

    /// <summary>What its token was for.</summary>
    public required string Note { get; init; }

    /// <summary>Where it comes to when it is accepted; null for no environment.</summary>
    public FleetEnvironment? Environment { get; init; }

    public ImmutableSortedDictionary<string, string> Labels { get; init; } = NodeLabels.None;

    public required DateTimeOffset AskedAt { get; init; }
}
