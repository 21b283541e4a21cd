using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Portal.Engine.Linux.Interop.Netlink;

/// <summary>
/// Builds one netlink message (netlink(7)): a header of 16 bytes, a fixed part and attributes, each aligned to 4 bytes.
/// Numbers are in the host's byte order, as the kernel's are; both of our architectures are little endian.
/// </summary>
internal sealed class NetlinkRequest
{
    private const int HeaderLength = 16;

    private readonly byte[] _buffer;
    private int _length = HeaderLength;

    /// <param name="what">What is tried, for an error's message.</param>
    /// <param name="type">Message type.</param>
    /// <param name="flags">NLM_F_ flags besides REQUEST.</param>
    /// <param name="capacity">Bytes that it can hold.</param>
    public NetlinkRequest(string what, ushort type, ushort flags, int capacity = 1024)
    {
        What = what;
        _buffer = new byte[capacity];
        BinaryPrimitives.WriteUInt16LittleEndian(_buffer.AsSpan(4), type);
        BinaryPrimitives.WriteUInt16LittleEndian(_buffer.AsSpan(6), (ushort)(flags | NetlinkFlags.Request));
    }

    public string What { get; }

    /// <summary>Adds the fixed part that follows the header.</summary>
    public NetlinkRequest Fixed(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        return this;
    }

    /// <summary>Adds struct ifinfomsg (rtnetlink(7)).</summary>
    public NetlinkRequest Link(byte family = 0, int index = 0, uint flags = 0, uint change = 0)
    {
        var part = Reserve(16);
        part[0] = family;
        BinaryPrimitives.WriteInt32LittleEndian(part[4..], index);
        BinaryPrimitives.WriteUInt32LittleEndian(part[8..], flags);
        BinaryPrimitives.WriteUInt32LittleEndian(part[12..], change);
        return this;
    }

    public NetlinkRequest Attribute(ushort type, ReadOnlySpan<byte> value)
    {
        var part = Reserve(4 + value.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(part, (ushort)(4 + value.Length));
        BinaryPrimitives.WriteUInt16LittleEndian(part[2..], type);
        value.CopyTo(part[4..]);
        return this;
    }

    public NetlinkRequest Attribute(ushort type, int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return Attribute(type, bytes);
    }

    public NetlinkRequest Attribute(ushort type, byte value) => Attribute(type, [value]);

    public NetlinkRequest Attribute(ushort type, IPAddress value) => Attribute(type, value.GetAddressBytes());

    /// <summary>Adds text with a closing zero.</summary>
    public NetlinkRequest Attribute(ushort type, string value) => Attribute(type, Encoding.ASCII.GetBytes(value + "\0"));

    /// <summary>Adds an attribute that holds others.</summary>
    public NetlinkRequest Nested(ushort type, Action<NetlinkRequest> content)
    {
        var start = _length;
        Reserve(4);
        content(this);
        BinaryPrimitives.WriteUInt16LittleEndian(_buffer.AsSpan(start), (ushort)(_length - start));
        BinaryPrimitives.WriteUInt16LittleEndian(_buffer.AsSpan(start + 2), type);
        return this;
    }

    /// <summary>The finished message.</summary>
    public ReadOnlySpan<byte> Finish(uint sequence, ushort flags)
    {
        var header = _buffer.AsSpan();
        BinaryPrimitives.WriteInt32LittleEndian(header, _length);
        var all = (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(header[6..]) | flags);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], all);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], sequence);
        return header[.._length];
    }

    private Span<byte> Reserve(int length)
    {
        var part = _buffer.AsSpan(_length, length);
        _length += (length + 3) & ~3;
        return part;
    }
}
