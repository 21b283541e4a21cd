using Portal.Web.Features.Stacks.Sources;

namespace Portal.Web.Features.Rest.Stacks;

/// <summary>How fetching a stack's source came out.</summary>
/// <param name="Outcome"><c>changed</c>, <c>unchanged</c> or <c>failed</c>.</param>
/// <param name="Commit">What was found, in full; empty when nothing was.</param>
/// <param name="Revision">The stack's newest revision.</param>
/// <param name="Message">For people.</param>
internal sealed record StackFetched(string Outcome, string Commit, int Revision, string Message)
{
    public static StackFetched Of(StackRefresh refresh) => new(
        refresh.Outcome switch
        {
            StackRefreshOutcome.Changed => "changed",
            StackRefreshOutcome.Unchanged => "unchanged",
            _ => "failed",
        },
        refresh.Commit, refresh.Revision, refresh.Message);
}
