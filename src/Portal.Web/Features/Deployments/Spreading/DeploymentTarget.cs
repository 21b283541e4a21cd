using Portal.Compose.Placing;

namespace Portal.Web.Features.Deployments.Spreading;

/// <summary>The nodes of one deployment: that of the stack, or all of the environment that it is spread over.</summary>
/// <remarks>Belongs to one run of a deployment; which nodes are lost is looked up each time.</remarks>
internal sealed class DeploymentTarget(IReadOnlyList<TargetNode> nodes, Guid? environmentId, Func<Guid, bool> isLost)
{
    /// <summary>All, those that are lost too.</summary>
    public IReadOnlyList<TargetNode> Nodes => nodes;

    /// <summary>The environment that the stack is spread over; null for a stack on one node.</summary>
    public Guid? EnvironmentId => environmentId;

    public bool IsSpread => environmentId is not null;

    /// <summary>Those that are asked and changed: a lost one is left as it is.</summary>
    public IReadOnlyList<TargetNode> Reachable => IsSpread ? [.. nodes.Where(node => !isLost(node.Id))] : nodes;

    /// <value>Which replica is where, once that is known; of a stack over several nodes alone.</value>
    public StackPlacement Placement { get; set; } = StackPlacement.None;

    public bool IsLost(Guid node) => IsSpread && isLost(node);

    /// <summary>The name of a step, with the node that it is done on where there are several.</summary>
    public string Placed(string what, Portal.Compose.Planning.PlanStep step) =>
        IsSpread && step.NodeName.Length > 0 ? E("{0:said} on '{1}'", what, step.NodeName) : what;
}
