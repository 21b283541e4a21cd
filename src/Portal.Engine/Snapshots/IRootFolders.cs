namespace Portal.Engine.Snapshots;

/// <summary>
/// Where the snapshotter keeps what, in Docker's words (<c>LowerDir</c>, <c>UpperDir</c>, <c>WorkDir</c>, <c>MergedDir</c>), for those
/// who look at the files themselves. What is not there is empty, no error.
/// </summary>
public interface IRootFolders
{
    /// <summary>The folders of a container's root.</summary>
    IReadOnlyDictionary<string, string> OfContainer(string containerId);

    /// <summary>The folders of an image's layers; the topmost is the upper one.</summary>
    IReadOnlyDictionary<string, string> OfLayers(string chainId);

    /// <summary>The folders of the files of a layer and of those below it, topmost first. What is in them is never written.</summary>
    IReadOnlyList<string> PathsOfLayers(string chainId) => [];
}
