using System.Collections.Concurrent;
using Portal.Contracts.Policies;

namespace Portal.Web.Features.Policies.Enforcing;

/// <summary>
/// Which nodes' agents hold images to the rule on signatures, as they said when they were told their policies. For the others the portal refuses
/// what needs a signature: they would pass over the rule.
/// </summary>
/// <remarks>Singleton; any thread. Each portal learns it for itself, over its own link.</remarks>
internal sealed class SignatureAgents
{
    private readonly ConcurrentDictionary<Guid, bool> _looks = new();

    public void Learn(Guid nodeId, bool looks) => _looks[nodeId] = looks;

    public bool Looks(Guid nodeId) => _looks.GetValueOrDefault(nodeId);

    /// <summary>The policies of a node with what its agent makes of them.</summary>
    public IReadOnlyList<Policy> Mark(Guid nodeId, IReadOnlyList<Policy> policies) =>
        Looks(nodeId) ? policies : [.. policies.Select(policy => policy with { AgentLooksAtSignatures = false })];
}
