namespace Portal.Engine.Volumes.State;

/// <summary>A volume as it is written down, in <c>DataRoot/volumes/NAME/volume.json</c>.</summary>
internal sealed record VolumeRecord
{
    public required DateTimeOffset Created { get; init; }

    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
}
