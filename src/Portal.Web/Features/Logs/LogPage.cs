namespace Portal.Web.Features.Logs;

/// <summary>Some lines of one container for the browser.</summary>
/// <param name="Source">The container's number in the view.</param>
/// <param name="Lines">Time, 1 for standard error, text; oldest first.</param>
/// <param name="More">The log goes on in the direction that was read.</param>
public sealed record LogPage(int Source, IReadOnlyList<object[]> Lines, bool More);
