namespace Portal.Web.Features.Deployments.Running;

/// <summary>Another portal goes on with the deployment: this one must touch nothing of it any more.</summary>
internal sealed class LeaseLostException() : Exception("Another portal goes on with this deployment.");
