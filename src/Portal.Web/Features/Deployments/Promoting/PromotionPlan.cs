namespace Portal.Web.Features.Deployments.Promoting;

/// <summary>What promoting one stack's images to another would do.</summary>
/// <param name="DeploymentId">The deployment of the source whose images they are.</param>
/// <param name="SourceRevision">What runs in the source.</param>
/// <param name="Basis">The target's newest revision, whose files and values stay.</param>
/// <param name="Images">Of services that both have.</param>
/// <param name="OnlyInSource">Services that the target does not have: they are left out.</param>
/// <param name="OnlyInTarget">Services that the source does not have: they keep their images.</param>
/// <param name="Problems">What stands against it, as sentences.</param>
public sealed record PromotionPlan(
    Guid DeploymentId,
    int SourceRevision,
    int Basis,
    IReadOnlyList<PromotedImage> Images,
    IReadOnlyList<string> OnlyInSource,
    IReadOnlyList<string> OnlyInTarget,
    IReadOnlyList<string> Problems);
