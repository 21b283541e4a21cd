namespace Portal.Engine.Trees;

/// <summary>How an archive is unpacked into a container.</summary>
public sealed record TreeExtraction
{
    /// <summary>Refuse to put a folder in the place of something else, and something else in the place of a folder.</summary>
    public bool KeepsKinds { get; init; }

    /// <summary>The user, as a container's specification names it, who is to own all that is unpacked; null for whom the archive says.</summary>
    public string? Owner { get; init; }
}
