namespace Portal.Engine.Volumes;

/// <summary>A volume: a folder that outlives the containers which use it.</summary>
public sealed record VolumeInfo
{
    /// <summary>The label by which Docker marks a volume that nobody named.</summary>
    public const string AnonymousLabel = "com.docker.volume.anonymous";

    /// <summary>Unique in the instance.</summary>
    public required string Name { get; init; }

    /// <summary>What makes it; always <c>local</c>.</summary>
    public string Driver { get; init; } = "local";

    /// <summary>The folder on the host that containers see.</summary>
    public required string Mountpoint { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>Options of the driver; empty for a plain folder.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    /// <summary>True for one with options while it is mounted.</summary>
    public bool IsMounted { get; init; }

    /// <summary>Its size when its files were counted last; null before that, and for one with options.</summary>
    public VolumeSize? Size { get; init; }

    /// <summary>Free notes of its maker.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Ids of the containers that mount it, running or not, and of those that are being made with it.</summary>
    public IReadOnlyList<string> Users { get; init; } = [];

    /// <summary>True when nobody named it.</summary>
    public bool IsAnonymous => Labels.ContainsKey(AnonymousLabel);
}
