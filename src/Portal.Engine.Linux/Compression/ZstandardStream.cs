using Portal.Engine.Content;

namespace Portal.Engine.Linux.Compression;

/// <summary>Reads one or more Zstandard frames. Owns the stream beneath. One caller.</summary>
internal sealed class ZstandardStream : ReadOnlyStream
{
    // 128 MiB, as the zstd program itself allows: bounds the memory that a frame may ask for.
    private const int MaxWindowLog = 27;
    private readonly Stream _compressed;
    private readonly ZstandardContext _context;
    private readonly byte[] _input = new byte[128 * 1024];
    private int _start;
    private int _end;
    private bool _isFrameOpen;
    private bool _hasMoreOutput;

    public ZstandardStream(Stream compressed)
    {
        _compressed = compressed;
        _context = ZstandardCalls.CreateStream();
        if (_context.IsInvalid)
        {
            throw new OutOfMemoryException("libzstd could not make a decompression stream.");
        }

        Check(ZstandardCalls.SetParameter(_context, ZstandardCalls.WindowLogMax, MaxWindowLog));
    }

    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }

        while (true)
        {
            if (_start == _end && !_hasMoreOutput)
            {
                _start = 0;
                _end = await _compressed.ReadAsync(_input, cancellationToken).ConfigureAwait(false);
                if (_end == 0)
                {
                    return _isFrameOpen ? throw new InvalidDataException("The Zstandard stream is cut off.") : 0;
                }
            }

            var written = Decompress(buffer.Span);
            if (written > 0)
            {
                return written;
            }
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _context.Dispose();
            _compressed.Dispose();
        }

        base.Dispose(disposing);
    }

    private static void Check(nuint code)
    {
        if (ZstandardCalls.IsError(code) != 0)
        {
            throw new InvalidDataException("The Zstandard stream is damaged or asks for over 128 MiB of memory.");
        }
    }

    private unsafe int Decompress(Span<byte> target)
    {
        fixed (byte* source = _input)
        fixed (byte* destination = target)
        {
            var input = new ZstandardCalls.InBuffer { Source = source + _start, Size = (nuint)(_end - _start) };
            var output = new ZstandardCalls.OutBuffer { Target = destination, Size = (nuint)target.Length };
            var hint = ZstandardCalls.Decompress(_context, &output, &input);
            Check(hint);
            _start += (int)input.Position;
            _isFrameOpen = hint != 0;

            // A full target may mean that the library holds more; without input it must be asked again.
            _hasMoreOutput = output.Position == output.Size && hint != 0;
            return (int)output.Position;
        }
    }
}
