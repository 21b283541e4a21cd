using Portal.Web.Features.Updates.Tags;

namespace Portal.Web.Features.Rest.Stacks.Images;

/// <summary>A rule that is tried and not set.</summary>
/// <param name="Service">For which service.</param>
/// <param name="Rule">The rule.</param>
internal sealed record ImageRuleTrial(string Service, TagRule Rule);
