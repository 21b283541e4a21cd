using Portal.Engine.Builds.Contexts.Matching;

namespace Portal.Engine.Builds.Execution.Copies;

/// <summary>How files are copied.</summary>
internal sealed record CopyOptions
{
    /// <summary>The destination, absolute, as given: a slash at its end says that it is a folder.</summary>
    public required string Destination { get; init; }

    /// <summary>Whose the copies are; null to keep the owners.</summary>
    public (uint UserId, uint GroupId)? Owner { get; init; }

    public FileMode? Mode { get; init; }

    public IgnoreFile Excludes { get; init; } = IgnoreFile.Nothing;

    public bool IsFolder => Destination.EndsWith('/') || Destination.EndsWith("/.", StringComparison.Ordinal);
}
