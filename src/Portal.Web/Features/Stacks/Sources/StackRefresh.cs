namespace Portal.Web.Features.Stacks.Sources;

/// <summary>How a look at a stack's source came out.</summary>
/// <param name="Outcome">How.</param>
/// <param name="Commit">What was found, in full; empty when nothing was.</param>
/// <param name="Revision">The stack's newest revision; 0 when there is no such stack.</param>
/// <param name="Message">For people: what was found, or why not.</param>
internal sealed record StackRefresh(StackRefreshOutcome Outcome, string Commit, int Revision, string Message);
