using Portal.Data.Entities.Backups;

namespace Portal.Web.Features.Backups;

/// <summary>A destination as it is shown.</summary>
/// <param name="Destination">What is kept.</param>
/// <param name="Settings">Where it is.</param>
/// <param name="Jobs">What backs up to it by a clock.</param>
/// <param name="Last">The newest backup; null before the first.</param>
/// <param name="LastGood">The newest that succeeded.</param>
internal sealed record DestinationLine(
    BackupDestination Destination, DestinationSettings Settings, IReadOnlyList<BackupJob> Jobs, PortalBackup? Last, PortalBackup? LastGood)
{
    public Guid Id => Destination.Id;

    public string Name => Destination.Name;

    public string Place => Settings.PlaceOf(Destination.Kind);
}

/// <summary>A job that backs up.</summary>
/// <param name="Id">Which.</param>
/// <param name="Name">Its name.</param>
/// <param name="NextAt">When; null while it is paused.</param>
internal sealed record BackupJob(Guid Id, string Name, DateTimeOffset? NextAt);
