namespace Portal.Compose.Loading;

/// <summary>What a project may be at most. Whoever writes it need not be a friend.</summary>
public sealed record ComposeLimits
{
    /// <value>Characters of one file; the default value is 1 Mi.</value>
    public int FileLength { get; init; } = 1 << 20;

    /// <value>Files that are read for a project, each as often as it is; the default value is 100.</value>
    public int Files { get; init; } = 100;

    /// <value>How deep values may lie in each other; the default value is 64.</value>
    public int Depth { get; init; } = 64;

    /// <value>Values of all files, with what aliases stand for written out; the default value is 100,000.</value>
    public int Nodes { get; init; } = 100_000;

    /// <value>Anchors and aliases of one file, together; the default value is 5,000.</value>
    public int Aliases { get; init; } = 5_000;

    /// <value>How far includes and extensions may lead on; the default value is 16.</value>
    public int Chain { get; init; } = 16;

    /// <value>Characters of all values after variables were put in; the default value is 8 Mi.</value>
    public int Expanded { get; init; } = 8 << 20;

    /// <value>Ports that ranges may stand for, in all; the default value is 4,096.</value>
    public int Ports { get; init; } = 4096;
}
