namespace Portal.Engine.Volumes.Backups;

/// <summary>
/// <c>volume.json</c> of an archive: what the volume was. Nothing of the moment, so that the same files give the same bytes.
/// </summary>
internal sealed record ArchiveHeader
{
    public const int CurrentVersion = 1;

    public int Version { get; init; } = CurrentVersion;

    public string Name { get; init; } = "";

    public SortedDictionary<string, string> Labels { get; init; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, string> Options { get; init; } = new(StringComparer.Ordinal);
}
