namespace Portal.Web.Features.Deployments.Reporting;

/// <summary>How a commit stands, in words that each host has its own for.</summary>
public enum CommitState
{
    Pending,
    Running,
    Success,
    Failure,

    /// <summary>It came to no end: cancelled, put aside or not begun.</summary>
    Cancelled,
}
