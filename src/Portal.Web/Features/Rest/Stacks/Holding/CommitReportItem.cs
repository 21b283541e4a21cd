using Portal.Data.Entities.Deployments;

namespace Portal.Web.Features.Rest.Stacks.Holding;

/// <summary>A report to a Git host: waiting while <c>dueAt</c> is there, then sent or given up.</summary>
internal sealed record CommitReportItem(
    Guid DeploymentId, string Commit, DateTimeOffset WantedAt, DateTimeOffset? DueAt, int Attempts, DateTimeOffset? SentAt, string Error)
{
    public static CommitReportItem Of(CommitReport row) =>
        new(row.DeploymentId, row.Commit, row.WantedAt, row.DueAt, row.Attempts, row.SentAt, row.Error);
}
