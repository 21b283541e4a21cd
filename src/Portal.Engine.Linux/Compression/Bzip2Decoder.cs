using System.Runtime.InteropServices;

namespace Portal.Engine.Linux.Compression;

/// <summary>The streaming decoder of libbz2 (bzlib.h). It needs under 4 MiB whatever the input.</summary>
internal sealed unsafe partial class Bzip2Decoder : INativeDecoder
{
    private const int Ok = 0;
    private const int StreamEnd = 4;
    private readonly Bzip2Stream* _stream;
    private bool _isDisposed;
    private bool _isOpen;

    public Bzip2Decoder()
    {
        _stream = (Bzip2Stream*)NativeMemory.AllocZeroed((nuint)sizeof(Bzip2Stream));
        try
        {
            Begin();
        }
        catch
        {
            NativeMemory.Free(_stream);
            throw;
        }
    }

    ~Bzip2Decoder()
    {
        Free();
    }

    public bool IsComplete => !_isOpen;

    public (int Taken, int Given) Decode(ReadOnlySpan<byte> input, Span<byte> output, bool isEnd)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (!_isOpen)
        {
            if (input.IsEmpty)
            {
                return (0, 0);
            }

            // What follows a stream is another one, as bzip2(1) has it.
            Begin();
        }

        fixed (byte* source = input)
        fixed (byte* target = output)
        {
            _stream->NextIn = source;
            _stream->AvailableIn = (uint)input.Length;
            _stream->NextOut = target;
            _stream->AvailableOut = (uint)output.Length;
            var result = Native.Decode(_stream);
            var moved = (input.Length - (int)_stream->AvailableIn, output.Length - (int)_stream->AvailableOut);
            if (result == StreamEnd)
            {
                Native.End(_stream);
                _isOpen = false;
            }
            else
            {
                Check(result);
            }

            return moved;
        }
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Begin()
    {
        *_stream = default;
        Check(Native.Begin(_stream, 0, 0));
        _isOpen = true;
    }

    private void Free()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        if (_isOpen)
        {
            Native.End(_stream);
        }

        NativeMemory.Free(_stream);
    }

    private static void Check(int result)
    {
        if (result != Ok)
        {
            throw new InvalidDataException($"The bzip2 stream is damaged (libbz2: {result}).");
        }
    }

    /// <summary><c>bz_stream</c> on 64-bit machines.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 80)]
    private struct Bzip2Stream
    {
        [FieldOffset(0)]
        public byte* NextIn;

        [FieldOffset(8)]
        public uint AvailableIn;

        [FieldOffset(24)]
        public byte* NextOut;

        [FieldOffset(32)]
        public uint AvailableOut;
    }

    private static partial class Native
    {
        private const string Library = "libbz2.so.1.0";

        [LibraryImport(Library, EntryPoint = "BZ2_bzDecompressInit")]
        public static partial int Begin(Bzip2Stream* stream, int verbosity, int small);

        [LibraryImport(Library, EntryPoint = "BZ2_bzDecompress")]
        public static partial int Decode(Bzip2Stream* stream);

        [LibraryImport(Library, EntryPoint = "BZ2_bzDecompressEnd")]
        public static partial int End(Bzip2Stream* stream);
    }
}
