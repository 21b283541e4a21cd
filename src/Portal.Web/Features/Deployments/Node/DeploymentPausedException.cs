namespace Portal.Web.Features.Deployments.Node;

/// <summary>Containers failed, and the file wants the deployment to stop where it is: the inner one says which.</summary>
internal sealed class DeploymentPausedException(Exception failure) : Exception(failure.Message, failure);
