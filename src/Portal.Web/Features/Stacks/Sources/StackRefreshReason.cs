using Portal.Web.Access;

namespace Portal.Web.Features.Stacks.Sources;

/// <summary>Why a stack's source is looked at.</summary>
/// <param name="Cause">Who or what asks.</param>
/// <param name="Actor">For the audit log.</param>
/// <param name="Text">In words, for people: <c>push to main of team/app</c>.</param>
internal sealed record StackRefreshReason(StackRefreshCause Cause, Actor Actor, string Text);
