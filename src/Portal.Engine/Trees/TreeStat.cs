namespace Portal.Engine.Trees;

/// <summary>What is at a path in a container.</summary>
public sealed record TreeStat
{
    /// <summary>The last name of the path as it was asked for; <c>/</c> for the root.</summary>
    public required string Name { get; init; }

    /// <summary>Bytes; of a link those of its target's path.</summary>
    public long Size { get; init; }

    /// <summary>Type and permission bits as in <c>st_mode</c> (inode(7)).</summary>
    public int Mode { get; init; }

    /// <summary>When its content last changed, to 100 ns.</summary>
    public DateTimeOffset Modified { get; init; }

    /// <summary>For a link the absolute path in the container that it leads to, whether or not something is there; else empty.</summary>
    public string LinkTarget { get; init; } = "";

    /// <summary>True for a folder.</summary>
    public bool IsFolder => (Mode & 0xF000) == 0x4000;
}
