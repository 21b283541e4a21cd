namespace Portal.Web.Features.Logs;

/// <summary>Where the browser wants to read on.</summary>
/// <param name="Source">The container's number in the view.</param>
/// <param name="At">The time of the outermost line that it has.</param>
/// <param name="Skip">How many lines of that time it has.</param>
public sealed record LogCursor(int Source, long At, int Skip);
