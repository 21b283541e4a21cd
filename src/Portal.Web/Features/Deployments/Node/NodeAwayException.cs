namespace Portal.Web.Features.Deployments.Node;

/// <summary>The node was not reached, or the way to it broke: what was asked may have been done or not.</summary>
internal sealed class NodeAwayException(string message, Exception innerException) : Exception(message, innerException);
