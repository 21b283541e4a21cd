namespace Portal.Web.Features.Deployments.Telling;

/// <summary>What of a deployment others can be told. One that was cancelled after its first change counts as rolled back or
/// failed.</summary>
public enum DeploymentEvent
{
    Started,
    Succeeded,

    /// <summary>It failed or was cancelled, and there was nothing to go back to, or no way back.</summary>
    Failed,

    /// <summary>It failed or was cancelled, and what ran before runs again.</summary>
    RolledBack,

    /// <summary>Too much of it failed, and it waits for somebody to have it go on or back.</summary>
    Paused,

    /// <summary>Its environment wants a second person to approve it.</summary>
    AwaitsApproval,

    /// <summary>It was refused, or nobody approved it in time.</summary>
    NotApproved,
}
