namespace Portal.Web.Features.Deployments;

/// <summary>How far a deployment is. It is written down before the phase begins: a portal that goes on begins with it.</summary>
public enum DeploymentPhase
{
    Resolve,
    Check,
    Pull,

    /// <summary>From here on the node changes.</summary>
    Apply,
    Watch,
    RollBack,
}
