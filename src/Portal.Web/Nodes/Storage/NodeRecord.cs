using System.Collections.Immutable;

namespace Portal.Web.Nodes.Storage;

/// <summary>A node as the database has it.</summary>
internal sealed record NodeRecord(Guid Id, string Name, byte[] PublicKey)
{
    public FleetEnvironment? Environment { get; init; }

    public ImmutableSortedDictionary<string, string> Labels { get; init; } = NodeLabels.None;

    public NodeDuty Duty { get; init; }

    public string DutyNote { get; init; } = "";
}
