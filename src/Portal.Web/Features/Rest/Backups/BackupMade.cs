namespace Portal.Web.Features.Rest.Backups;

/// <summary>What was made or begun.</summary>
internal sealed record BackupMade(Guid Id);
