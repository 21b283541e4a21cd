namespace Portal.Web.Features.FleetLists.Views;

/// <summary>A saved view as somebody sees it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="List">Of which list.</param>
/// <param name="Name">Its name.</param>
/// <param name="Owner">Who made it.</param>
/// <param name="IsOwn">Whether that is who asks.</param>
/// <param name="TeamId">The team that sees it too; null for its owner alone.</param>
/// <param name="Team">The team's name.</param>
/// <param name="Query">What stands behind the question mark of the page's address.</param>
/// <param name="Hidden">Words of the columns that are not shown.</param>
/// <param name="IsDefault">Whether the list begins with it for who asks.</param>
public sealed record SavedViewEntry(
    Guid Id, string List, string Name, string Owner, bool IsOwn, Guid? TeamId, string? Team, string Query, IReadOnlyList<string> Hidden,
    bool IsDefault);
