namespace Portal.Engine.Volumes;

/// <summary>What a volume shall be.</summary>
public sealed record VolumeRequest
{
    /// <summary>Its name, 2 to 255 of <c>[a-zA-Z0-9_.-]</c>, the first a letter or digit; null or empty to make one up.</summary>
    public string? Name { get; init; }

    /// <summary>Only <c>local</c> exists; empty means the same.</summary>
    public string Driver { get; init; } = "local";

    /// <summary>Options of the local driver: <c>type</c>, <c>device</c> and <c>o</c> as mount(8) has them; empty for a plain folder.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    /// <summary>Free notes.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
}
