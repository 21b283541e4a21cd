using Portal.Web.Features.Deployments.Node;

namespace Portal.Web.Features.Deployments.Spreading;

/// <summary>A node that a deployment may change, and what it may do there.</summary>
internal sealed record TargetNode(NodeDocker Docker, DeploymentRights Rights)
{
    public Guid Id => Docker.NodeId;

    public string Name => Docker.NodeName;

    /// <value>Whether it takes new containers.</value>
    public bool TakesNew { get; init; } = true;
}
