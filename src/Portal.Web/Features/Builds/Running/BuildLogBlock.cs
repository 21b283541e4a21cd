namespace Portal.Web.Features.Builds.Running;

/// <summary>A piece of a step's text.</summary>
/// <param name="Number">Which, counted from the beginning; also when earlier ones are gone.</param>
/// <param name="Text">Whole lines, but for the last block of all.</param>
public sealed record BuildLogBlock(long Number, string Text);
