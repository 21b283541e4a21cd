using System.Buffers.Binary;

namespace Portal.Engine.Archives;

/// <summary>The fields of one 512-byte header block (POSIX pax "ustar Interchange Format"; GNU tar manual, "Basic Tar Format").</summary>
internal readonly ref struct TarHeader
{
    public const int BlockSize = 512;
    private readonly ReadOnlySpan<byte> _block;

    public TarHeader(ReadOnlySpan<byte> block)
    {
        _block = block;
        if (!HasValidChecksum())
        {
            throw new TarFormatException("a header's checksum is wrong");
        }
    }

    public byte Type => _block[156];

    public long Size => Number(124, 12, "size");

    public long Mode => Number(100, 8, "mode");

    public long UserId => Number(108, 8, "owner");

    public long GroupId => Number(116, 8, "group");

    public long Time => Number(136, 12, "time", mayBeNegative: true);

    public long DeviceMajor => IsUstar || IsGnu ? Number(329, 8, "device") : 0;

    public long DeviceMinor => IsUstar || IsGnu ? Number(337, 8, "device") : 0;

    public byte[] Link => Text(157, 100).ToArray();

    /// <summary>The rest of a GNU header that describes a sparse file: four segments, a flag, the real size.</summary>
    public ReadOnlySpan<byte> SparseArea => _block[386..495];

    public bool IsGnu => _block.Slice(257, 8).SequenceEqual("ustar  \0"u8);

    private bool IsUstar => _block.Slice(257, 6).SequenceEqual("ustar\0"u8);

    public byte[] Name()
    {
        var name = Text(0, 100);
        var prefix = IsUstar ? Text(345, 155) : default;
        return prefix.IsEmpty ? name.ToArray() : [.. prefix, (byte)'/', .. name];
    }

    /// <summary>A number as octal text, or as GNU's base-256 form, which the top bit of the first byte marks.</summary>
    public static long ParseNumber(ReadOnlySpan<byte> field, string what, bool mayBeNegative = false)
    {
        return (field[0] & 0x80) != 0 ? ParseBinary(field, what, mayBeNegative) : ParseOctal(field, what);
    }

    private static long ParseBinary(ReadOnlySpan<byte> field, string what, bool mayBeNegative)
    {
        Span<byte> value = stackalloc byte[8];
        var negative = (field[0] & 0x40) != 0;
        var filler = negative ? (byte)0xFF : (byte)0;
        var first = (byte)(negative ? field[0] : field[0] & 0x7F);
        if (field.Length > 8)
        {
            if (first != filler || field[1..^8].ContainsAnyExcept(filler))
            {
                throw new TarFormatException($"a header's {what} is out of range");
            }

            field[^8..].CopyTo(value);
        }
        else
        {
            field.CopyTo(value);
            value[0] = first;
        }

        var number = BinaryPrimitives.ReadInt64BigEndian(value);
        return number >= 0 || (negative && mayBeNegative)
            ? number
            : throw new TarFormatException($"a header's {what} is out of range");
    }

    private static long ParseOctal(ReadOnlySpan<byte> field, string what)
    {
        var digits = field.Trim(" \0"u8);
        var end = digits.IndexOfAny((byte)' ', (byte)'\0');
        digits = end < 0 ? digits : digits[..end];
        long number = 0;
        foreach (var digit in digits)
        {
            // At most 12 digits of 3 bits: no overflow.
            number = digit is >= (byte)'0' and <= (byte)'7'
                ? (number * 8) + (digit - '0')
                : throw new TarFormatException($"a header's {what} is no octal number");
        }

        return number;
    }

    private long Number(int offset, int length, string what, bool mayBeNegative = false)
    {
        return ParseNumber(_block.Slice(offset, length), what, mayBeNegative);
    }

    private ReadOnlySpan<byte> Text(int offset, int length)
    {
        var field = _block.Slice(offset, length);
        var end = field.IndexOf((byte)0);
        return end < 0 ? field : field[..end];
    }

    private bool HasValidChecksum()
    {
        // The sum of all bytes with the checksum field taken as blanks. Some old programs summed signed bytes.
        long unsigned = 8 * ' ';
        long signed = 8 * ' ';
        for (var i = 0; i < BlockSize; i++)
        {
            if (i is < 148 or >= 156)
            {
                unsigned += _block[i];
                signed += (sbyte)_block[i];
            }
        }

        var stored = ParseOctal(_block.Slice(148, 8), "checksum");
        return stored == unsigned || stored == signed;
    }
}
