using System.Globalization;
using System.Text;

namespace Portal.Testing.Images;

/// <summary>Writes tar archives byte by byte, so that they may be as wrong as a test wants.</summary>
public sealed class RawTar
{
    private readonly List<byte> _bytes = [];

    /// <summary>The archive with its end mark.</summary>
    public byte[] Build() => [.. _bytes, .. new byte[1024]];

    /// <summary>The archive without an end mark.</summary>
    public byte[] BuildUnfinished() => [.. _bytes];

    /// <summary>An entry of any type (<c>'0'</c> file, <c>'1'</c> hard link, <c>'2'</c> symbolic link, <c>'5'</c> folder, ...).</summary>
    public RawTar Add(
        string path, char type = '0', byte[]? data = null, string link = "", int mode = 0x1A4, int user = 0, int group = 0,
        long? size = null, long time = 1_700_000_000, int major = 0, int minor = 0)
    {
        var header = new byte[512];
        Put(header, 0, Encoding.UTF8.GetBytes(path));
        PutOctal(header, 100, 8, mode);
        PutOctal(header, 108, 8, user);
        PutOctal(header, 116, 8, group);
        PutOctal(header, 124, 12, size ?? data?.Length ?? 0);
        PutOctal(header, 136, 12, time);
        header[156] = (byte)type;
        Put(header, 157, Encoding.UTF8.GetBytes(link));
        Put(header, 257, "ustar\000"u8);
        PutOctal(header, 329, 8, major);
        PutOctal(header, 337, 8, minor);
        return AddBlock(header).AddData(data ?? []);
    }

    /// <summary>A pax header with records for the entry that follows; values are bytes.</summary>
    public RawTar AddPax(params (string Key, byte[] Value)[] records)
    {
        using var content = new MemoryStream();
        foreach (var (key, value) in records)
        {
            byte[] body = [(byte)' ', .. Encoding.UTF8.GetBytes(key), (byte)'=', .. value, (byte)'\n'];
            var length = body.Length + 1;
            while (length != body.Length + length.ToString(CultureInfo.InvariantCulture).Length)
            {
                length = body.Length + length.ToString(CultureInfo.InvariantCulture).Length;
            }

            content.Write(Encoding.ASCII.GetBytes(length.ToString(CultureInfo.InvariantCulture)));
            content.Write(body);
        }

        return Add("PaxHeaders/x", 'x', content.ToArray());
    }

    /// <summary>A block as it is, with the checksum of a header put in.</summary>
    public RawTar AddBlock(byte[] header)
    {
        Put(header, 148, "        "u8);
        var sum = header.Sum(value => (int)value);
        Put(header, 148, Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 "));
        _bytes.AddRange(header);
        return this;
    }

    /// <summary>Bytes, padded to whole blocks.</summary>
    public RawTar AddData(byte[] data)
    {
        _bytes.AddRange(data);
        _bytes.AddRange(new byte[-data.Length & 511]);
        return this;
    }

    private static void Put(byte[] target, int offset, ReadOnlySpan<byte> value) => value.CopyTo(target.AsSpan(offset));

    private static void PutOctal(byte[] target, int offset, int length, long value)
    {
        Put(target, offset, Encoding.ASCII.GetBytes(Convert.ToString(value, 8).PadLeft(length - 1, '0')));
    }
}
