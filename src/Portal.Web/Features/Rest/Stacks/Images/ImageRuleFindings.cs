using Portal.Web.Features.Updates.Rules;

namespace Portal.Web.Features.Rest.Stacks.Images;

/// <summary>What the rules of a stack find in their registries now.</summary>
/// <param name="Services">Of each service that follows a rule.</param>
/// <param name="Held">Why nothing of it would be taken now; empty for nothing.</param>
internal sealed record ImageRuleFindings(IReadOnlyList<FollowedChoice> Services, string Held);
