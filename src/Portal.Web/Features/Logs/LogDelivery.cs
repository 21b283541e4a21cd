namespace Portal.Web.Features.Logs;

/// <summary>What goes to the browser at once.</summary>
/// <param name="Lines">Source, time, 1 for standard error, text; of each source oldest first.</param>
/// <param name="Notes">Source, text: what is to be told between the lines.</param>
/// <param name="From">Source, time: before it there are lines that were not sent.</param>
internal sealed record LogDelivery(List<object[]> Lines, List<object[]> Notes, List<object[]> From);
