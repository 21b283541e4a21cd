namespace Portal.Web.Features.Deployments.Running;

/// <summary>A part of a step, such as a layer of an image.</summary>
/// <remarks>
/// <c>Phase</c>: what is done with it, in a word. <c>Current</c>: bytes done. <c>Total</c>: bytes to do; null when that is not known.
/// </remarks>
public sealed record StepPart(string Name, string Phase, long Current, long? Total);
