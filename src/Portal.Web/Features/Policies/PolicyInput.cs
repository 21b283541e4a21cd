using Portal.Contracts.Policies;

namespace Portal.Web.Features.Policies;

/// <summary>What a policy shall be.</summary>
/// <param name="Name">As messages name it.</param>
/// <param name="Description">What it is for.</param>
/// <param name="EnvironmentId">In this environment; null for elsewhere.</param>
/// <param name="NodeId">On this node; null for elsewhere. With neither it applies to all nodes.</param>
/// <param name="Rules">What it allows.</param>
internal sealed record PolicyInput(string Name, string Description, Guid? EnvironmentId, Guid? NodeId, PolicyRules Rules);
