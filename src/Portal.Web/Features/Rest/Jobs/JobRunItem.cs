using Portal.Data.Entities.Jobs;

namespace Portal.Web.Features.Rest.Jobs;

/// <summary>
/// A time that a job was to be done. Its cause is <c>schedule</c>, <c>missed</c> or <c>person</c>; its state <c>queued</c>,
/// <c>running</c>, <c>succeeded</c>, <c>failed</c>, <c>refused</c> (its owner may not do that any more) or <c>skipped</c>.
/// </summary>
internal sealed record JobRunItem(
    Guid Id, Guid JobId, string Cause, string CauseText, string ActorName, DateTimeOffset? DueAt, DateTimeOffset CreatedAt, string State,
    string Message, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt, int Attempt, string Archive, long ArchiveBytes,
    string ArchiveHost)
{
    public static JobRunItem Of(JobRun row) => new(
        row.Id, row.JobId, row.Cause.ToLowerInvariant(), row.CauseText, row.ActorName, row.DueAt, row.CreatedAt,
        row.State.ToLowerInvariant(), row.Message, row.StartedAt, row.FinishedAt, row.Attempt, row.Archive, row.ArchiveBytes,
        row.ArchiveHost);
}
