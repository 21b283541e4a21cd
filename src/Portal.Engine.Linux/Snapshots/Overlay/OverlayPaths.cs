using Portal.Engine.Hosting;

namespace Portal.Engine.Linux.Snapshots.Overlay;

/// <summary>Where the overlay snapshotter keeps what. All on one file system, so that rename(2) works between them.</summary>
internal sealed class OverlayPaths
{
    public OverlayPaths(EngineOptions options)
    {
        Root = Path.Combine(Path.GetFullPath(options.DataRoot), "overlay");
        Layers = Path.Combine(Root, "layers");
        Staging = Path.Combine(Root, "staging");
        Trash = Path.Combine(Root, "trash");
        Roots = Path.Combine(Root, "roots");
        Empty = Path.Combine(Root, "empty");
        Mapped = Path.Combine(Path.GetFullPath(options.RunRoot), "mapped");
    }

    /// <summary>Holds the others; only root may enter, since layers hold set-uid programs of unknown origin.</summary>
    public string Root { get; }

    /// <summary>One folder a committed layer, named by a short number.</summary>
    public string Layers { get; }

    /// <summary>Layers and roots in the making.</summary>
    public string Staging { get; }

    /// <summary>What is being removed.</summary>
    public string Trash { get; }

    /// <summary>One folder a container.</summary>
    public string Roots { get; }

    /// <summary>The lower folder of a root without layers.</summary>
    public string Empty { get; }

    /// <summary>Where roots with mapped owners are mounted: everybody may pass through it.</summary>
    public string Mapped { get; }
}
