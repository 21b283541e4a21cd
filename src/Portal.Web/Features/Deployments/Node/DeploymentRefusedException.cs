namespace Portal.Web.Features.Deployments.Node;

/// <summary>The deployment can't be done as it stands; the message says what helps.</summary>
internal sealed class DeploymentRefusedException(string message) : Exception(message);
