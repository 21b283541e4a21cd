using Portal.Web.Features.Backups;

namespace Portal.Web.Features.Rest.Backups;

/// <summary>Where backups are kept.</summary>
internal sealed record DestinationItem(
    Guid Id, string Name, string Kind, DestinationSettings Settings, int KeepCount, int KeepDays, DateTimeOffset CreatedAt,
    DateTimeOffset ChangedAt)
{
    public static DestinationItem Of(DestinationLine line) => new(
        line.Id, line.Name, line.Destination.Kind, line.Settings, line.Destination.KeepCount, line.Destination.KeepDays,
        line.Destination.CreatedAt, line.Destination.ChangedAt);
}
