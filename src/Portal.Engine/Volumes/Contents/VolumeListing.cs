namespace Portal.Engine.Volumes.Contents;

/// <summary>Which part of a folder to list.</summary>
public sealed record VolumeListing
{
    /// <summary>The most that one page may hold.</summary>
    public const int MaxPageSize = 1000;

    /// <summary>How many at most: 1 to <see cref="MaxPageSize"/>.</summary>
    public int PageSize { get; init; } = 200;

    /// <summary>From the page before; empty for the first.</summary>
    public string Token { get; init; } = "";

    /// <summary>Only names that contain this; empty for all.</summary>
    public string NameContains { get; init; } = "";
}
