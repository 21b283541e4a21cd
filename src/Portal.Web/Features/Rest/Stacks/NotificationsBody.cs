using Portal.Web.Features.Deployments.Telling;

namespace Portal.Web.Features.Rest.Stacks;

/// <summary>Which targets of alerts are told of a stack's deployments.</summary>
/// <param name="TargetIds">Who is told.</param>
/// <param name="Events"><c>started</c>, <c>succeeded</c>, <c>failed</c>, <c>paused</c>, <c>rolled-back</c>.</param>
internal sealed record NotificationsBody(IReadOnlyList<Guid> TargetIds, IReadOnlyList<DeploymentEvent> Events)
{
    public static NotificationsBody Of(ToldDeployments told) => new([.. told.Chosen.Order()], [.. told.Events.Order()]);
}
