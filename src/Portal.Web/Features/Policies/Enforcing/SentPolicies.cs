using Portal.Web.Nodes;

namespace Portal.Web.Features.Policies.Enforcing;

/// <summary>What a node was told last.</summary>
/// <param name="Since">In which of its times online.</param>
/// <param name="Policies">What.</param>
/// <param name="IsTooOld">Its agent knows of no policies.</param>
/// <param name="LooksAtSignatures">Its agent knows the rule on signatures.</param>
internal sealed record SentPolicies(DateTimeOffset? Since, IReadOnlyList<PolicyEntry> Policies, bool IsTooOld, bool LooksAtSignatures)
{
    /// <summary>Whether it needs not be told again.</summary>
    public bool IsSame(NodeState node, IReadOnlyList<PolicyEntry> policies) =>
        Since == node.Since
        && Policies.Count == policies.Count
        && Policies.Zip(policies).All(pair => pair.First.Id == pair.Second.Id && pair.First.UpdatedAt == pair.Second.UpdatedAt);
}
