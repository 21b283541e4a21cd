namespace Portal.Web.Features.Rest.Stacks.Holding;

/// <summary>Where images are promoted to.</summary>
/// <param name="To">The stack that gets them.</param>
/// <param name="DeploymentId">
/// As the plan said it: refused when the source was deployed anew since. Left out, what runs by then is promoted.
/// </param>
/// <param name="Reason">In a few words, for whoever reads the list.</param>
internal sealed record PromotionBody(Guid To, Guid? DeploymentId = null, string Reason = "");
