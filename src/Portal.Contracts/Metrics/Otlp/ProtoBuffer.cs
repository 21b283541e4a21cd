using Google.Protobuf;

namespace Portal.Contracts.Metrics.Otlp;

/// <summary>A protobuf message while it is written; used again for the next one, since there is one for each value.</summary>
internal sealed class ProtoBuffer : IDisposable
{
    private readonly MemoryStream _bytes = new();
    private readonly CodedOutputStream _output;

    public ProtoBuffer() => _output = new CodedOutputStream(_bytes, leaveOpen: true);

    /// <summary>What was written since the last <see cref="Clear"/>; gone with the next change.</summary>
    public ReadOnlySpan<byte> Written
    {
        get
        {
            _output.Flush();
            return _bytes.GetBuffer().AsSpan(0, (int)_bytes.Length);
        }
    }

    public bool IsEmpty => Written.Length == 0;

    public void Text(int field, string value)
    {
        if (value.Length > 0)
        {
            _output.WriteTag(field, WireFormat.WireType.LengthDelimited);
            _output.WriteString(value);
        }
    }

    public void Number(int field, ulong value)
    {
        _output.WriteTag(field, WireFormat.WireType.Varint);
        _output.WriteUInt64(value);
    }

    public void Fixed(int field, ulong value)
    {
        _output.WriteTag(field, WireFormat.WireType.Fixed64);
        _output.WriteFixed64(value);
    }

    public void Double(int field, double value)
    {
        _output.WriteTag(field, WireFormat.WireType.Fixed64);
        _output.WriteDouble(value);
    }

    /// <summary>A message within this one, which is cleared for its next.</summary>
    public void Message(int field, ProtoBuffer inner)
    {
        _output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        _output.WriteLength(inner.Written.Length);
        Raw(inner);
        inner.Clear();
    }

    /// <summary>Fields that were written elsewhere.</summary>
    public void Raw(ProtoBuffer fields)
    {
        _output.Flush();
        _bytes.Write(fields.Written);
    }

    public void Clear()
    {
        _output.Flush();
        _bytes.SetLength(0);
    }

    public void Dispose()
    {
        _output.Dispose();
        _bytes.Dispose();
    }
}
