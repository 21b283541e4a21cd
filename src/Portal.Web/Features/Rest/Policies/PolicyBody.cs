using Portal.Contracts.Policies;

namespace Portal.Web.Features.Rest.Policies;

/// <summary>What a policy shall be.</summary>
/// <param name="Name">As messages name it.</param>
/// <param name="Rules">What it allows. A list that is left out restricts nothing, an empty one allows none.</param>
/// <param name="Description">What it is for.</param>
/// <param name="EnvironmentId">In this environment alone.</param>
/// <param name="NodeId">On this node alone. With neither it applies to all nodes.</param>
internal sealed record PolicyBody(
    string Name, PolicyRules Rules, string Description = "", Guid? EnvironmentId = null, Guid? NodeId = null);
