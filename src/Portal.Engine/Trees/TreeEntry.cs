namespace Portal.Engine.Trees;

/// <summary>One name in a folder.</summary>
public sealed record TreeEntry
{
    /// <summary>The name; bytes that are no UTF-8 are replaced.</summary>
    public required string Name { get; init; }

    /// <summary>False when <see cref="Name"/> is not the whole truth: no path leads there then.</summary>
    public bool IsAddressable { get; init; } = true;

    /// <summary>Bytes; of a link those of its target's path.</summary>
    public long Size { get; init; }

    /// <summary>Type and permission bits as in <c>st_mode</c> (inode(7)).</summary>
    public int Mode { get; init; }

    /// <summary>When its content last changed, to 100 ns.</summary>
    public DateTimeOffset Modified { get; init; }

    /// <summary>Numeric owner, as it is on the disk.</summary>
    public uint UserId { get; init; }

    /// <summary>Numeric group, as it is on the disk.</summary>
    public uint GroupId { get; init; }

    /// <summary>The owner's name in the tree's own passwd(5); empty when it has none.</summary>
    public string UserName { get; init; } = "";

    /// <summary>The group's name in the tree's own group(5); empty when it has none.</summary>
    public string GroupName { get; init; } = "";

    /// <summary>For a link what is written in it; else empty.</summary>
    public string LinkTarget { get; init; } = "";

    /// <summary>For a link the mode of what it leads to; 0 when that is nothing.</summary>
    public int TargetMode { get; init; }

    /// <summary>True when something else is mounted there: a volume, or something of the host.</summary>
    public bool IsMounted { get; init; }
}
