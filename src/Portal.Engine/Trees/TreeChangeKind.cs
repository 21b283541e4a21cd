namespace Portal.Engine.Trees;

/// <summary>What became of a path; the numbers are those of Docker's API (<c>GET /containers/{id}/changes</c>).</summary>
public enum TreeChangeKind
{
    /// <summary>Another content, owner, mode or kind; or, of a folder, a change of something in it.</summary>
    Modified = 0,

    /// <summary>Not in the image.</summary>
    Added = 1,

    /// <summary>In the image, and not here any more.</summary>
    Deleted = 2,
}
