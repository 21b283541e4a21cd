namespace Portal.Web.Features.Deployments.Node;

/// <summary>A node did not do what it was asked; the message says what was tried and why it failed, for the user.</summary>
/// <remarks><c>status</c>: of Docker's API.</remarks>
internal sealed class NodeRefusalException(int status, string message) : Exception(message)
{
    public int Status { get; } = status;
}
