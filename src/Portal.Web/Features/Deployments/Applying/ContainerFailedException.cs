using Portal.Web.Features.Deployments.Node;

namespace Portal.Web.Features.Deployments.Applying;

/// <summary>A container did not become what it should: the message says which, and how it stands.</summary>
internal sealed class ContainerFailedException(string containerId, string message) : Exception(message)
{
    public string ContainerId { get; } = containerId;

    /// <value>Where it is; null for the one node of a stack.</value>
    public NodeDocker? Node { get; init; }
}
