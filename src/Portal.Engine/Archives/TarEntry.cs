using System.Text;

namespace Portal.Engine.Archives;

/// <summary>
/// One entry of a tar archive, with the long names and attributes of its extended headers applied. Names are bytes, because Linux
/// names are: an archive may hold names that are no UTF-8.
/// </summary>
public sealed record TarEntry
{
    /// <summary>What the entry stands for.</summary>
    public required TarEntryKind Kind { get; init; }

    /// <summary>The path as it is in the archive: not checked, may be absolute or hold <c>..</c>. 1 to 4095 bytes without NUL.</summary>
    public required byte[] PathBytes { get; init; }

    /// <summary>The target of a link, not checked; empty for other kinds.</summary>
    public byte[] LinkBytes { get; init; } = [];

    /// <summary>Permission bits with set-uid, set-gid and sticky bit: 0 to 07777.</summary>
    public int Mode { get; init; }

    /// <summary>The owner, 0 to 2^32-2.</summary>
    public uint UserId { get; init; }

    /// <summary>The group, 0 to 2^32-2.</summary>
    public uint GroupId { get; init; }

    /// <summary>Bytes of the file once it is unpacked; 0 for what is no file.</summary>
    public long Size { get; init; }

    /// <summary>Seconds since 1970 of the last change; may be negative.</summary>
    public long TimeSeconds { get; init; }

    /// <summary>Nanoseconds to add to <see cref="TimeSeconds"/>: 0 to 999,999,999.</summary>
    public int TimeNanoseconds { get; init; }

    /// <summary>Major number of a device.</summary>
    public uint DeviceMajor { get; init; }

    /// <summary>Minor number of a device.</summary>
    public uint DeviceMinor { get; init; }

    /// <summary>Extended attributes (<c>SCHILY.xattr.*</c> records); values are bytes, as file capabilities are.</summary>
    public IReadOnlyDictionary<string, byte[]> ExtendedAttributes { get; init; } = new Dictionary<string, byte[]>();

    /// <summary>For a sparse file where its data goes, in ascending order; null for other files, whose data goes from 0 on.</summary>
    public IReadOnlyList<TarSegment>? Segments { get; init; }

    /// <summary>The path for messages and comparisons; bytes that are no UTF-8 are replaced.</summary>
    public string Path => Encoding.UTF8.GetString(PathBytes);

    /// <summary>The link's target for messages and comparisons; bytes that are no UTF-8 are replaced.</summary>
    public string Link => Encoding.UTF8.GetString(LinkBytes);
}
