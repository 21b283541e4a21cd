namespace Portal.Web.Features.Policies.Enforcing;

/// <summary>All policies at one moment.</summary>
/// <param name="Version">Grows with each change of any of them.</param>
/// <param name="Entries">By name.</param>
/// <param name="Environments">Of nodes that are in one.</param>
internal sealed record PolicySnapshot(long Version, IReadOnlyList<PolicyEntry> Entries, IReadOnlyDictionary<Guid, Guid> Environments)
{
    /// <summary>Those that apply to a node.</summary>
    public IEnumerable<PolicyEntry> For(Guid nodeId) => Entries.Where(entry =>
        entry.NodeId == nodeId
        || (entry.NodeId is null && entry.EnvironmentId is null)
        || (entry.EnvironmentId is { } environment && Environments.GetValueOrDefault(nodeId) == environment));
}
