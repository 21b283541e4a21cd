namespace Portal.Web.Features.Rest.Stacks.Images;

/// <summary>What came of taking newer tags.</summary>
/// <param name="DeploymentId">Null where nothing is new.</param>
/// <param name="Text">What changed, or what stood against it.</param>
internal sealed record ImagesTaken(Guid? DeploymentId, string Text);
