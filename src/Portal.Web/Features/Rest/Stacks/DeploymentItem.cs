using Portal.Data.Entities.Deployments;
using Portal.Web.Features.Deployments;
using Portal.Web.Features.Stacks;

namespace Portal.Web.Features.Rest.Stacks;

/// <summary>A deployment, as lists have it.</summary>
/// <remarks>
/// <c>DecideUntil</c>: until when it can be approved; null for one that needs none. <c>DecidedBy</c>, <c>Decision</c>: who approved or
/// refused it,
/// and what they said. <c>OpensAt</c>: when the window opens that it waits for. <c>PausedAt</c>: when it paused last.
/// </remarks>
internal sealed record DeploymentItem(
    Guid Id, Guid StackId, string Stack, Guid? NodeId, string Node, DeploymentOperation Operation, int Revision, DeploymentCause Cause,
    string CauseText, string Actor, DeploymentState State, DeploymentPhase Phase, string Message, int Attempt, DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt, Guid? SupersededBy,
    DateTimeOffset? DecideUntil, string DecidedBy, string Decision, DateTimeOffset? OpensAt, DateTimeOffset? PausedAt)
{
    public static DeploymentItem Of(Deployment row) => new(
        row.Id,
        row.StackId,
        row.StackName,
        row.AuditNode(),
        row.NodeName,
        Enum.Parse<DeploymentOperation>(row.Operation),
        row.Revision,
        Enum.Parse<DeploymentCause>(row.Cause),
        row.CauseText,
        row.ActorName,
        Enum.Parse<DeploymentState>(row.State),
        Enum.Parse<DeploymentPhase>(row.Phase),
        row.Message,
        row.Attempt,
        row.CreatedAt,
        row.StartedAt,
        row.FinishedAt,
        row.SupersededBy,
        row.DecideUntil,
        row.DecidedBy,
        row.Decision,
        row.OpensAt,
        row.PausedAt);
}
