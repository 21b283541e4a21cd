namespace Portal.Web.Features.Files;

/// <summary>One name in a folder, wherever the folder is.</summary>
public sealed record FileItem
{
    public required string Name { get; init; }

    public FileKind Kind { get; init; }

    /// <summary>Bytes of a regular file.</summary>
    public long Size { get; init; }

    /// <summary>As in <c>st_mode</c> (inode(7)).</summary>
    public uint Mode { get; init; }

    public DateTimeOffset? Modified { get; init; }

    /// <summary>Name of the owner, or the number.</summary>
    public string User { get; init; } = "";

    /// <summary>Name of the group, or the number.</summary>
    public string Group { get; init; } = "";

    /// <summary>For a link what is written in it.</summary>
    public string LinkTarget { get; init; } = "";

    /// <summary>For a link what it leads to; null for nothing, or when nobody knows.</summary>
    public FileKind? TargetKind { get; init; }

    /// <summary>A link that is known to lead to nothing.</summary>
    public bool IsBroken { get; init; }

    /// <summary>Something else is mounted there.</summary>
    public bool IsMounted { get; init; }

    /// <summary>False when no path leads there: the name's bytes are no text.</summary>
    public bool IsAddressable { get; init; } = true;

    /// <summary>It can be gone into.</summary>
    public bool LeadsToFolder => IsAddressable && (Kind == FileKind.Folder || TargetKind == FileKind.Folder);

    /// <summary>It has bytes to look at.</summary>
    public bool LeadsToFile => IsAddressable && (Kind == FileKind.File || TargetKind == FileKind.File);
}
