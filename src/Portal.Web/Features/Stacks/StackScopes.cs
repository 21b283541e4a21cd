using Portal.Data.Entities.Deployments;
using Portal.Data.Entities.Stacks;
using Portal.Web.Access;

namespace Portal.Web.Features.Stacks;

/// <summary>
/// Where grants must be for what is done with a stack: on itself, on its node, or on the environment whose nodes it is spread over.
/// </summary>
internal static class StackScopes
{
    public static AccessScope Scope(this Stack stack) => Of(stack.EnvironmentId, stack.NodeId).OfStack(stack.Id);

    public static AccessScope Scope(this Deployment deployment) =>
        Of(deployment.EnvironmentId, deployment.NodeId).OfStack(deployment.StackId);

    /// <summary>The node that an entry of the audit log is about; null for a stack over several.</summary>
    public static Guid? AuditNode(this Stack stack) => stack.EnvironmentId is null ? stack.NodeId : null;

    /// <summary>As <see cref="AuditNode(Stack)"/>.</summary>
    public static Guid? AuditNode(this Deployment deployment) => deployment.EnvironmentId is null ? deployment.NodeId : null;

    // A stack over several nodes has no node: what forgot to ask for its environment is then granted on everything alone.
    private static AccessScope Of(Guid? environmentId, Guid nodeId) =>
        environmentId is { } environment ? AccessScope.Environment(environment) : AccessScope.Node(nodeId);
}
