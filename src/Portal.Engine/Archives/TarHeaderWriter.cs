using System.Globalization;
using System.Text;

namespace Portal.Engine.Archives;

/// <summary>The header blocks of one entry: what fits into the ustar header there, the rest in a pax extended header before it.</summary>
internal static class TarHeaderWriter
{
    private const int NameLength = 100;
    private const long MaxSize = (1L << 33) - 1; // 11 octal digits
    private const long MaxId = (1L << 21) - 1; // 7 octal digits

    public static byte[] Write(TarEntry entry)
    {
        var path = entry.Kind == TarEntryKind.Folder && entry.PathBytes[^1] != '/' ? [.. entry.PathBytes, (byte)'/'] : entry.PathBytes;
        var records = WriteRecords(entry, path);
        var header = WriteBlock(entry, path, TypeOf(entry.Kind), entry.Kind == TarEntryKind.File ? entry.Size : 0);
        if (records.Length == 0)
        {
            return header;
        }

        // Readers skip the extended header's own name; it must be the same for the same entry.
        var extension = new TarEntry { Kind = TarEntryKind.File, PathBytes = "PaxHeaders.0/entry"u8.ToArray(), Mode = 0x1A4 };
        var padding = new byte[-records.Length & (TarHeader.BlockSize - 1)];
        return [.. WriteBlock(extension, extension.PathBytes, (byte)'x', records.Length), .. records, .. padding, .. header];
    }

    private static byte[] WriteRecords(TarEntry entry, byte[] path)
    {
        using var records = new MemoryStream();
        AddIf(path.Length > NameLength, "path", path);
        AddIf(entry.LinkBytes.Length > NameLength, "linkpath", entry.LinkBytes);
        AddIf(entry.Kind == TarEntryKind.File && entry.Size > MaxSize, "size", Text(entry.Size));
        AddIf(entry.UserId > MaxId, "uid", Text(entry.UserId));
        AddIf(entry.GroupId > MaxId, "gid", Text(entry.GroupId));
        AddIf(entry.TimeNanoseconds != 0 || entry.TimeSeconds is < 0 or > MaxSize, "mtime", Encoding.ASCII.GetBytes(Time(entry)));
        foreach (var (name, value) in entry.ExtendedAttributes.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            Add(records, $"SCHILY.xattr.{name}", value);
        }

        return records.ToArray();

        void AddIf(bool isNeeded, string key, byte[] value)
        {
            if (isNeeded)
            {
                Add(records, key, value);
            }
        }
    }

    private static void Add(MemoryStream records, string key, byte[] value)
    {
        // "LENGTH KEY=VALUE\n", where the length counts its own digits.
        var rest = Encoding.UTF8.GetByteCount(key) + value.Length + 3;
        var length = rest + Text(rest).Length;
        length = rest + Text(length).Length;
        records.Write(Text(length));
        records.Write(Encoding.UTF8.GetBytes($" {key}="));
        records.Write(value);
        records.WriteByte((byte)'\n');
    }

    private static string Time(TarEntry entry)
    {
        var time = entry.TimeSeconds + (entry.TimeNanoseconds / 1_000_000_000m);
        return time.ToString("0.#########", CultureInfo.InvariantCulture);
    }

    private static byte[] WriteBlock(TarEntry entry, byte[] path, byte type, long size)
    {
        var block = new byte[TarHeader.BlockSize];
        path.AsSpan(0, Math.Min(path.Length, NameLength)).CopyTo(block);
        Octal(block, 100, 8, entry.Mode & 0xFFF);
        Octal(block, 108, 8, entry.UserId > MaxId ? 0 : entry.UserId);
        Octal(block, 116, 8, entry.GroupId > MaxId ? 0 : entry.GroupId);
        Octal(block, 124, 12, size > MaxSize ? 0 : size);
        Octal(block, 136, 12, entry.TimeSeconds is < 0 or > MaxSize ? 0 : entry.TimeSeconds);
        block[156] = type;
        entry.LinkBytes.AsSpan(0, Math.Min(entry.LinkBytes.Length, NameLength)).CopyTo(block.AsSpan(157));
        "ustar\u000000"u8.CopyTo(block.AsSpan(257));
        if (entry.Kind is TarEntryKind.CharacterDevice or TarEntryKind.BlockDevice)
        {
            Octal(block, 329, 8, entry.DeviceMajor);
            Octal(block, 337, 8, entry.DeviceMinor);
        }

        block.AsSpan(148, 8).Fill((byte)' ');
        Octal(block, 148, 7, block.Sum(value => value));
        return block;
    }

    private static void Octal(byte[] block, int offset, int length, long value)
    {
        for (var at = offset + length - 2; at >= offset; at--)
        {
            block[at] = (byte)('0' + (value & 7));
            value >>= 3;
        }

        block[offset + length - 1] = 0;
    }

    private static byte TypeOf(TarEntryKind kind) => kind switch
    {
        TarEntryKind.File => (byte)'0',
        TarEntryKind.HardLink => (byte)'1',
        TarEntryKind.SymbolicLink => (byte)'2',
        TarEntryKind.CharacterDevice => (byte)'3',
        TarEntryKind.BlockDevice => (byte)'4',
        TarEntryKind.Folder => (byte)'5',
        _ => (byte)'6',
    };

    private static byte[] Text(long number) => Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));
}
