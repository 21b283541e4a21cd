using System.Runtime.InteropServices;
using Portal.Engine.Content;
using Portal.Engine.Errors;

namespace Portal.Engine.Linux.Compression;

/// <summary>Writes one Zstandard frame with a checksum through the host's libzstd. Does not own the stream beneath. One caller.</summary>
internal sealed partial class ZstandardCompressor : WriteOnlyStream
{
    private const string Library = "libzstd.so.1";
    private const int LevelParameter = 100;
    private const int ChecksumParameter = 201;
    private const int Level = 3;
    private const int Continue = 0;
    private const int End = 2;
    private readonly Stream _output;
    private readonly Context _context;
    private readonly byte[] _buffer = new byte[256 * 1024];

    public ZstandardCompressor(Stream output)
    {
        _output = output;
        try
        {
            _context = CreateContext();
        }
        catch (DllNotFoundException failure)
        {
            throw new EngineException(
                EngineErrorKind.Unavailable, "This host has no library for zstd. Install the package 'libzstd1' and try again.", failure);
        }

        if (_context.IsInvalid)
        {
            throw new OutOfMemoryException("libzstd could not make a compression context.");
        }

        Check(SetParameter(_context, LevelParameter, Level));
        Check(SetParameter(_context, ChecksumParameter, 1));
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            Compress(buffer.Span, Continue, out var read, out var written);
            await _output.WriteAsync(_buffer.AsMemory(0, written), cancellationToken).ConfigureAwait(false);
            buffer = buffer[read..];
        }
    }

    /// <summary>Ends the frame.</summary>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        nuint left;
        do
        {
            left = Compress([], End, out _, out var written);
            await _output.WriteAsync(_buffer.AsMemory(0, written), cancellationToken).ConfigureAwait(false);
        }
        while (left != 0);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _context.Dispose();
        }

        base.Dispose(disposing);
    }

    private static void Check(nuint code)
    {
        if (ZstandardCalls.IsError(code) != 0)
        {
            throw new IOException("libzstd failed to compress.");
        }
    }

    private unsafe nuint Compress(ReadOnlySpan<byte> source, int mode, out int read, out int written)
    {
        fixed (byte* from = source)
        fixed (byte* to = _buffer)
        {
            var input = new ZstandardCalls.InBuffer { Source = from, Size = (nuint)source.Length };
            var output = new ZstandardCalls.OutBuffer { Target = to, Size = (nuint)_buffer.Length };
            var left = Compress(_context, &output, &input, mode);
            Check(left);
            read = (int)input.Position;
            written = (int)output.Position;
            return left;
        }
    }

    [LibraryImport(Library, EntryPoint = "ZSTD_createCCtx")]
    private static partial Context CreateContext();

    [LibraryImport(Library, EntryPoint = "ZSTD_freeCCtx")]
    private static partial nuint FreeContext(nint context);

    [LibraryImport(Library, EntryPoint = "ZSTD_CCtx_setParameter")]
    private static partial nuint SetParameter(Context context, int parameter, int value);

    [LibraryImport(Library, EntryPoint = "ZSTD_compressStream2")]
    private static unsafe partial nuint Compress(
        Context context, ZstandardCalls.OutBuffer* output, ZstandardCalls.InBuffer* input, int mode);

    /// <summary><c>ZSTD_CCtx*</c> (zstd.h), freed once.</summary>
    private sealed class Context : SafeHandle
    {
        public Context()
            : base(0, ownsHandle: true)
        {
        }

        public override bool IsInvalid => handle == 0;

        protected override bool ReleaseHandle()
        {
            FreeContext(handle);
            return true;
        }
    }
}
