using System.Buffers;
using System.Text;
using Portal.Engine.Logs;
using Portal.Engine.Runtime;

namespace Portal.Engine.Api.Streams;

/// <summary>Writes records of a log as Docker sends them: a frame a record, or a frame for as many as fit.</summary>
/// <remarks>
/// A client takes each frame apart and writes it on by itself: 200,000 short ones cost it 200,000 writes, which is most of what a
/// <c>docker logs</c> takes. Who does not follow has no use for the lines one by one. Serves one reader; not thread-safe.
/// </remarks>
internal sealed class LogFrameWriter : IDisposable
{
    // Go's stdcopy, which most clients use, takes frames up to this without a larger buffer.
    private const int LargestGathered = 32 * 1024;

    private readonly IBufferWriter<byte> _output;
    private readonly bool _isTerminal;
    private byte[]? _gathered;
    private int _length;
    private OutputSource _source;

    /// <param name="output">Where the frames go.</param>
    /// <param name="isTerminal">True for a terminal's output, which has no frames.</param>
    /// <param name="gather">True to gather records; <see cref="Complete"/> then writes what is left.</param>
    public LogFrameWriter(IBufferWriter<byte> output, bool isTerminal, bool gather)
    {
        _output = output;
        _isTerminal = isTerminal;
        _gathered = gather && !isTerminal ? ArrayPool<byte>.Shared.Rent(LargestGathered) : null;
    }

    /// <summary>Writes a record, now or with those that follow.</summary>
    /// <param name="record">The record.</param>
    /// <param name="prefix">What stands before its text, in ASCII.</param>
    public void Write(LogRecord record, string prefix)
    {
        var length = prefix.Length + record.Data.Length;
        if (_gathered is null || length > LargestGathered)
        {
            Complete();
            WriteWhole(record, prefix, length);
            return;
        }

        if (record.Source != _source || _length + length > LargestGathered)
        {
            Complete();
            _source = record.Source;
        }

        Encoding.ASCII.GetBytes(prefix, _gathered.AsSpan(_length));
        record.Data.Span.CopyTo(_gathered.AsSpan(_length + prefix.Length));
        _length += length;
    }

    /// <summary>Writes what is gathered.</summary>
    public void Complete()
    {
        if (_length > 0)
        {
            StreamFrame.WriteHeader(_output, _source, _length);
            _output.Write(_gathered.AsSpan(0, _length));
            _length = 0;
        }
    }

    /// <summary>Gives the buffer back. What is gathered in it is lost.</summary>
    public void Dispose()
    {
        if (_gathered is { } buffer)
        {
            _gathered = null;
            _length = 0;
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void WriteWhole(LogRecord record, string prefix, int length)
    {
        if (!_isTerminal)
        {
            StreamFrame.WriteHeader(_output, record.Source, length);
        }

        if (prefix.Length > 0)
        {
            Encoding.ASCII.GetBytes(prefix, _output);
        }

        _output.Write(record.Data.Span);
    }
}
