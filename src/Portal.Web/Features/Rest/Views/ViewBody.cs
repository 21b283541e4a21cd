using Portal.Web.Features.FleetLists.Views;
using Portal.Web.Features.Rest.Problems;

namespace Portal.Web.Features.Rest.Views;

/// <summary>What a saved view shall be.</summary>
/// <param name="List"><c>containers</c>, <c>images</c>, <c>volumes</c> or <c>networks</c>; of a view that is there it stays.</param>
/// <param name="Name">Its name.</param>
/// <param name="TeamId">A team that one is in and that shall see it too; null for oneself alone.</param>
/// <param name="Query">Search, filters, sort and grouping as the page's address has them: <c>q=web&amp;sort=-created&amp;group=node</c>.</param>
/// <param name="Hidden">Words of the columns that are not shown.</param>
internal sealed record ViewBody(
    string List, string Name, Guid? TeamId = null, string Query = "", IReadOnlyList<string>? Hidden = null)
{
    public SavedViewDraft ToDraft() => Hidden?.Any(word => word is null) == true
        ? throw new RestProblemException(ProblemKind.InvalidRequest, "The list of columns holds null.")
        : new SavedViewDraft(List, Name, TeamId, Query, Hidden ?? []);
}
