namespace Portal.Engine.Images;

/// <summary>One step of an image's history (image-spec, <c>config.md</c>).</summary>
/// <param name="Created">When the step ran, where the image says so.</param>
/// <param name="CreatedBy">The command of the step.</param>
/// <param name="Comment">What its author noted.</param>
/// <param name="EmptyLayer">True when the step made no layer.</param>
public sealed record ImageHistoryEntry(DateTimeOffset? Created, string CreatedBy, string Comment, bool EmptyLayer);
