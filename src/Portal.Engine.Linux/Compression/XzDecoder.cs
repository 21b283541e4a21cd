using System.Runtime.InteropServices;

namespace Portal.Engine.Linux.Compression;

/// <summary>The streaming decoder of liblzma (lzma/base.h, lzma/container.h).</summary>
internal sealed unsafe partial class XzDecoder : INativeDecoder
{
    // xz -9 needs 65 MiB; bounds what an archive may ask for.
    private const ulong MemoryLimit = 128 << 20;
    private const uint Concatenated = 0x08;
    private const int Ok = 0;
    private const int StreamEnd = 1;
    private const int BufferError = 10;
    private const int Run = 0;
    private const int Finish = 3;
    private readonly XzStream* _stream;
    private bool _isDisposed;
    private bool _isEnded;

    public XzDecoder()
    {
        _stream = (XzStream*)NativeMemory.AllocZeroed((nuint)sizeof(XzStream));
        try
        {
            Check(Native.Begin(_stream, MemoryLimit, Concatenated));
        }
        catch
        {
            NativeMemory.Free(_stream);
            throw;
        }
    }

    ~XzDecoder()
    {
        Free();
    }

    public bool IsComplete => _isEnded;

    public (int Taken, int Given) Decode(ReadOnlySpan<byte> input, Span<byte> output, bool isEnd)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_isEnded)
        {
            return (0, 0);
        }

        fixed (byte* source = input)
        fixed (byte* target = output)
        {
            _stream->NextIn = source;
            _stream->AvailableIn = (nuint)input.Length;
            _stream->NextOut = target;
            _stream->AvailableOut = (nuint)output.Length;
            var result = Native.Code(_stream, isEnd ? Finish : Run);
            _isEnded = result == StreamEnd;

            // No progress was possible: the input ended too early, which the caller finds out by what was taken and given.
            Check(result is StreamEnd or BufferError ? Ok : result);
            return (input.Length - (int)_stream->AvailableIn, output.Length - (int)_stream->AvailableOut);
        }
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            Native.End(_stream);
            NativeMemory.Free(_stream);
        }
    }

    private static void Check(int result)
    {
        if (result != Ok)
        {
            throw new InvalidDataException($"The xz stream is damaged or asks for over 128 MiB of memory (liblzma: {result}).");
        }
    }

    /// <summary><c>lzma_stream</c> on 64-bit machines.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 136)]
    private struct XzStream
    {
        [FieldOffset(0)]
        public byte* NextIn;

        [FieldOffset(8)]
        public nuint AvailableIn;

        [FieldOffset(24)]
        public byte* NextOut;

        [FieldOffset(32)]
        public nuint AvailableOut;
    }

    private static partial class Native
    {
        private const string Library = "liblzma.so.5";

        [LibraryImport(Library, EntryPoint = "lzma_stream_decoder")]
        public static partial int Begin(XzStream* stream, ulong memoryLimit, uint flags);

        [LibraryImport(Library, EntryPoint = "lzma_code")]
        public static partial int Code(XzStream* stream, int action);

        [LibraryImport(Library, EntryPoint = "lzma_end")]
        public static partial void End(XzStream* stream);
    }
}
