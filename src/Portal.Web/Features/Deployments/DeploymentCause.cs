namespace Portal.Web.Features.Deployments;

/// <summary>What a deployment came from. All but a person and a rollback respect that somebody stopped or removed the stack.</summary>
public enum DeploymentCause
{
    Person,
    Webhook,
    Git,
    Schedule,

    /// <summary>A newer image.</summary>
    Image,

    /// <summary>A node of a stack over several was drained, lost, or came back.</summary>
    Placement,

    /// <summary>A person went back to an earlier revision.</summary>
    Rollback,
}
