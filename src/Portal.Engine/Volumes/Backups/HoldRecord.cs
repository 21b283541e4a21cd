namespace Portal.Engine.Volumes.Backups;

/// <summary>Which containers are paused or stopped for a volume, as it is written down in <c>volumes/.holds/ID.json</c>.</summary>
internal sealed record HoldRecord
{
    public required VolumeUserHandling Handling { get; init; }

    public required IReadOnlyList<string> Containers { get; init; }
}
