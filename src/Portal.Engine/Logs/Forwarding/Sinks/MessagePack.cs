using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Portal.Engine.Logs.Forwarding.Sinks;

/// <summary>Writes the few forms of MessagePack that Fluentd's forward protocol needs (msgpack, <c>spec.md</c>).</summary>
internal sealed class MessagePack
{
    private const int ShortText = 31;
    private readonly ArrayBufferWriter<byte> _output = new();

    public byte[] ToArray() => _output.WrittenSpan.ToArray();

    public MessagePack Array(int count)
    {
        _output.Write<byte>([(byte)(0x90 | count)]);
        return this;
    }

    /// <param name="count">Pairs, at most 65535.</param>
    public MessagePack Map(int count)
    {
        _output.Write<byte>([0xde, (byte)(count >> 8), (byte)count]);
        return this;
    }

    public MessagePack Text(string text) => Text(Encoding.UTF8.GetBytes(text));

    public MessagePack Text(ReadOnlySpan<byte> text)
    {
        if (text.Length <= ShortText)
        {
            _output.Write<byte>([(byte)(0xa0 | text.Length)]);
        }
        else
        {
            _output.Write<byte>([0xdb]);
            Number32((uint)text.Length);
        }

        _output.Write<byte>(text);
        return this;
    }

    public MessagePack Integer(long number)
    {
        _output.Write<byte>([0xd3]);
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        _output.Write<byte>(bytes);
        return this;
    }

    /// <summary>Fluentd's EventTime: seconds and nanoseconds.</summary>
    public MessagePack EventTime(DateTimeOffset time)
    {
        var ticks = time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;
        _output.Write<byte>([0xd7, 0x00]);
        Number32((uint)(ticks / TimeSpan.TicksPerSecond));
        Number32((uint)(ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick));
        return this;
    }

    private void Number32(uint number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        _output.Write<byte>(bytes);
    }
}
