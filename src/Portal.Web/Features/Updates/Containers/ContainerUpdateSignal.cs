using Portal.Web.Reconcilers;

namespace Portal.Web.Features.Updates.Containers;

/// <summary>Wakes this portal's worker of updates of containers.</summary>
internal sealed class ContainerUpdateSignal : WorkSignal;
