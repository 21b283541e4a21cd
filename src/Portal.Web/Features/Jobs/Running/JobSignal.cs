using Portal.Web.Reconcilers;

namespace Portal.Web.Features.Jobs.Running;

/// <summary>Wakes this portal's worker of jobs.</summary>
internal sealed class JobSignal : WorkSignal;
