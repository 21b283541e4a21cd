using Portal.Contracts.Policies;

namespace Portal.Agent.Policies;

/// <summary>The policies that apply to this node.</summary>
/// <param name="Version">As the portal counts; 0 before it sent any.</param>
/// <param name="Policies">Each binds.</param>
internal sealed record KeptPolicies(long Version, IReadOnlyList<Policy> Policies);
