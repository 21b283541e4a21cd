using Portal.Engine.Content;

namespace Portal.Engine.Linux.Compression;

/// <summary>Reads what a native decoder makes of a stream. Owns both. One caller.</summary>
internal sealed class NativeDecoderStream(Stream compressed, INativeDecoder decoder) : ReadOnlyStream
{
    private readonly byte[] _input = new byte[128 * 1024];
    private int _start;
    private int _end;
    private bool _isEnd;

    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            if (_start == _end && !_isEnd)
            {
                _start = 0;
                _end = await compressed.ReadAsync(_input, cancellationToken).ConfigureAwait(false);
                _isEnd = _end == 0;
            }

            var (taken, given) = decoder.Decode(_input.AsSpan(_start, _end - _start), buffer.Span, _isEnd);
            _start += taken;
            if (given > 0)
            {
                return given;
            }

            if (taken == 0 && _isEnd)
            {
                return decoder.IsComplete ? 0 : throw new InvalidDataException("The compressed stream is cut off.");
            }

            if (taken == 0 && _start < _end)
            {
                throw new InvalidDataException("The compressed stream is damaged.");
            }
        }

        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            decoder.Dispose();
            compressed.Dispose();
        }

        base.Dispose(disposing);
    }
}
