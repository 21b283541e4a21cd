namespace Portal.Web.Features.Deployments;

/// <summary>How a deployment stands. All but the first five are for good.</summary>
public enum DeploymentState
{
    /// <summary>Its environment wants a second person to approve it.</summary>
    AwaitingApproval,

    /// <summary>It begins when its environment's next window opens.</summary>
    AwaitingWindow,
    Queued,
    Running,

    /// <summary>Too much of it failed, and the file wants it to stop there: a person has it go on or back, or deploys something else.</summary>
    Paused,
    Succeeded,

    /// <summary>It failed, and nothing was there to go back to, or going back failed too: the message says which.</summary>
    Failed,

    /// <summary>It failed, and what ran before runs again.</summary>
    RolledBack,
    Cancelled,

    /// <summary>A newer one took its place before it began.</summary>
    Superseded,

    /// <summary>Nobody asked for it, and a person had stopped or removed the stack.</summary>
    Skipped,

    /// <summary>A second person said no.</summary>
    Refused,

    /// <summary>Nobody approved it in time.</summary>
    Expired,
}
