namespace Portal.Web.Features.Deployments;

/// <summary>Which images are pulled; what a service's own <c>pull_policy</c> says comes first.</summary>
public enum PullPolicy
{
    /// <summary>Those that the node does not have.</summary>
    Missing,

    /// <summary>All: the newest under their names.</summary>
    Always,
}
