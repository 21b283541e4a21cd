namespace Portal.Engine.Images.Checking;

/// <summary>How thorough a check of the store is, and what it may do.</summary>
public sealed record StoreCheckRequest
{
    /// <summary>Mend what can be mended, mark what can't, remove what nothing uses.</summary>
    /// <value>The default is false: only look.</value>
    public bool Mend { get; init; }

    /// <summary>Read every blob and compare its digest. Without, only manifests and configurations are read.</summary>
    /// <value>The default is true.</value>
    public bool ReadContents { get; init; } = true;
}
