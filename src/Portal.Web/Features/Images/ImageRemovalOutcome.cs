using Portal.Contracts.Images.V1;

namespace Portal.Web.Features.Images;

/// <summary>How a removal ended: exactly one of the two is there.</summary>
/// <param name="Removed">What is gone.</param>
/// <param name="Conflict">What stands against it.</param>
public sealed record ImageRemovalOutcome(RemoveImageResponse? Removed, ImageConflict? Conflict);
