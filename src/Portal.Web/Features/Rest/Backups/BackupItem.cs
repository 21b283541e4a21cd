using Portal.Data.Entities.Backups;

namespace Portal.Web.Features.Rest.Backups;

/// <summary>A backup. <c>state</c> is Running, Succeeded or Failed; <c>check</c> is empty, Running, Passed or Failed.</summary>
internal sealed record BackupItem(
    Guid Id, Guid DestinationId, string Name, string State, string Message, long Bytes, string Sha256, string By, string Host,
    DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt, string Check, string CheckMessage, DateTimeOffset? CheckedAt)
{
    public static BackupItem Of(PortalBackup row) => new(
        row.Id, row.DestinationId, row.Name, row.State, row.Message, row.Bytes, row.Digest, row.ActorName, row.Host, row.CreatedAt,
        row.FinishedAt, row.CheckState, row.CheckMessage, row.CheckedAt);
}
