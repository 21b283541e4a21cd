namespace Portal.Engine.Archives;

/// <summary>Puts an entry together from its header and what came in front of it.</summary>
internal static class TarEntryBuilder
{
    private const long MaxId = uint.MaxValue - 1L;

    public static TarEntry Build(
        TarHeader header, byte type, TarExtras extras, out long dataSize, out SparseKind sparseKind)
    {
        var records = extras.Records;
        var path = records.GetPath("GNU.sparse.name") ?? records.GetPath("path") ?? extras.LongName ?? header.Name();
        var kind = GetKind(type, path);
        dataSize = kind == TarEntryKind.File ? records.GetNumber("size") ?? header.Size : 0;
        sparseKind = kind == TarEntryKind.File ? GetSparseKind(type, records) : SparseKind.None;
        var time = records.GetTime("mtime") ?? (header.Time, 0);
        return new TarEntry
        {
            Kind = kind,
            PathBytes = path,
            LinkBytes = kind is TarEntryKind.HardLink or TarEntryKind.SymbolicLink
                ? records.GetPath("linkpath") ?? extras.LongLink ?? header.Link
                : [],
            Mode = (int)(header.Mode & 0xFFF),
            UserId = Id(records.GetNumber("uid") ?? header.UserId, "owner"),
            GroupId = Id(records.GetNumber("gid") ?? header.GroupId, "group"),
            Size = sparseKind == SparseKind.None ? dataSize : GetSparseSize(header, type, records),
            TimeSeconds = time.Item1,
            TimeNanoseconds = time.Item2,
            DeviceMajor = IsDevice(kind) ? Id(header.DeviceMajor, "device") : 0,
            DeviceMinor = IsDevice(kind) ? Id(header.DeviceMinor, "device") : 0,
            ExtendedAttributes = records.GetExtendedAttributes(),
        };
    }

    private static TarEntryKind GetKind(byte type, byte[] path)
    {
        return type switch
        {
            // Before ustar, a folder was a file whose name ends in a slash.
            (byte)'0' or 0 or (byte)'7' when path.Length > 0 && path[^1] == '/' => TarEntryKind.Folder,
            (byte)'0' or 0 or (byte)'7' or (byte)'S' => TarEntryKind.File,
            (byte)'1' => TarEntryKind.HardLink,
            (byte)'2' => TarEntryKind.SymbolicLink,
            (byte)'3' => TarEntryKind.CharacterDevice,
            (byte)'4' => TarEntryKind.BlockDevice,
            (byte)'5' => TarEntryKind.Folder,
            (byte)'6' => TarEntryKind.Fifo,
            _ => throw new TarFormatException($"an entry has the unknown type 0x{type:x2}"),
        };
    }

    private static bool IsDevice(TarEntryKind kind) => kind is TarEntryKind.CharacterDevice or TarEntryKind.BlockDevice;

    private static SparseKind GetSparseKind(byte type, PaxRecords records)
    {
        if (type == 'S')
        {
            return SparseKind.OldGnu;
        }

        if (records.GetNumber("GNU.sparse.major") == 1 && (records.GetNumber("GNU.sparse.minor") ?? 0) == 0)
        {
            return SparseKind.InData;
        }

        return records.Get("GNU.sparse.map") is not null || records.SparseRuns.Count > 0
            ? SparseKind.InRecords
            : SparseKind.None;
    }

    private static long GetSparseSize(TarHeader header, byte type, PaxRecords records)
    {
        var size = type == 'S'
            ? TarHeader.ParseNumber(header.SparseArea.Slice(97, 12), "real size")
            : records.GetNumber("GNU.sparse.realsize") ?? records.GetNumber("GNU.sparse.size");
        return size ?? throw new TarFormatException("a sparse file's size is missing");
    }

    private static uint Id(long value, string what)
    {
        return value is >= 0 and <= MaxId ? (uint)value : throw new TarFormatException($"an entry's {what} is out of range");
    }
}
