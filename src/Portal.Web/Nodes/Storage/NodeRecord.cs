using System.Collections.Immutable;

namespace Portal.Web.Nodes.Storage;

/// <summary>A node as the database has it.</summary>
internal sealed record NodeRecord(Guid Id, string Name, byte[] PublicKey)
{
    /// <summary>The key that it has offered in place of that one; null for none.</summary>
    public byte[]? PendingKey { get; init; }

    /// <summary>Since when it signs in with its key.</summary>
    public DateTimeOffset KeySince { get; init; }

    public FleetEnvironment? Environment { get; init; }

    public ImmutableSortedDictionary<string, string> Labels { get; init; } = NodeLabels.None;

    public NodeDuty Duty { get; init; }

    public string DutyNote { get; init; } = "";
}
