namespace Portal.Web.Features.Deployments.Spreading;

/// <summary>A network over the nodes of an environment that a stack is to have.</summary>
/// <remarks><c>Subnet</c>: as the files say; empty to have one chosen.</remarks>
internal sealed record StackNetwork(
    Guid StackId, Guid EnvironmentId, string Name, string Subnet, bool IsInternal, string AuthorName);
