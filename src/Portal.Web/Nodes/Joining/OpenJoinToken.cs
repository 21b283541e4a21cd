using System.Collections.Immutable;

namespace Portal.Web.Nodes.Joining;

/// <summary>A join token that hosts can still come with. Its text is nowhere: only who made it has that.</summary>
public sealed record OpenJoinToken
{
    public required Guid Id { get; init; }

    /// <summary>What it is for, in its maker's words.</summary>
    public required string Note { get; init; }

    /// <summary>How many hosts may still come with it.</summary>
    public required int UsesLeft { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Who made it; null for the portal itself, and for somebody who was removed.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>Whether each host that comes with it waits to be accepted.</summary>
    public bool Confirm { get; init; }

    /// <summary>Where hosts that come with it come to; null for no environment.</summary>
    public FleetEnvironment? Environment { get; init; }

    public ImmutableSortedDictionary<string, string> Labels { get; init; } = NodeLabels.None;
}
