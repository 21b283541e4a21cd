namespace Portal.Web.Features.FleetLists.Views;

/// <summary>What a view shall be.</summary>
/// <param name="List">Of which list; of a view that is there it stays.</param>
/// <param name="Name">Its name.</param>
/// <param name="TeamId">The team that shall see it too; null for its owner alone.</param>
/// <param name="Query">What stands behind the question mark of the page's address.</param>
/// <param name="Hidden">Words of the columns that are not shown.</param>
public sealed record SavedViewDraft(string List, string Name, Guid? TeamId, string Query, IReadOnlyList<string> Hidden);
