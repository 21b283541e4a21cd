using System.Buffers.Binary;
using System.Text;

namespace Portal.Engine.Linux.Interop.Netlink;

/// <summary>Reads the attributes of a message. A length that leads outside ends the list.</summary>
internal readonly ref struct NetlinkAttributes(ReadOnlySpan<byte> bytes)
{
    private const ushort TypeMask = 0x3fff;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>The value of the first attribute of a type.</summary>
    public bool TryFind(ushort type, out ReadOnlySpan<byte> value)
    {
        var rest = _bytes;
        while (rest.Length >= 4)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(rest);
            if (length < 4 || length > rest.Length)
            {
                break;
            }

            if ((BinaryPrimitives.ReadUInt16LittleEndian(rest[2..]) & TypeMask) == type)
            {
                value = rest[4..length];
                return true;
            }

            rest = rest[Math.Min((length + 3) & ~3, rest.Length)..];
        }

        value = default;
        return false;
    }

    /// <summary>A number of four bytes, or the default when it is not there.</summary>
    public int Number(ushort type, int absent = 0)
    {
        return TryFind(type, out var value) && value.Length >= 4 ? BinaryPrimitives.ReadInt32LittleEndian(value) : absent;
    }

    /// <summary>Text up to its closing zero; empty when it is not there.</summary>
    public string Text(ushort type)
    {
        return TryFind(type, out var value) ? Encoding.ASCII.GetString(value.TrimEnd((byte)0)) : "";
    }

    /// <summary>The attributes inside an attribute.</summary>
    public NetlinkAttributes Nested(ushort type)
    {
        return TryFind(type, out var value) ? new NetlinkAttributes(value) : default;
    }
}
