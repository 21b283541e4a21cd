using Portal.Web.Reconcilers;

namespace Portal.Web.Features.Deployments.Running;

/// <summary>Wakes this portal's worker of deployments.</summary>
internal sealed class DeploymentSignal : WorkSignal;
