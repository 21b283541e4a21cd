using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Portal.Agent.Memory;

/// <summary>
/// Blocks for what Kestrel receives and sends. Its own have 4 KiB, each of which is a recvmsg(2), a turn of its loop and often a change of
/// threads: most of what the context of a build costs. The Docker client writes 32 KiB at a time, and a socket holds some 200: a reader that
/// was away for a moment gets several of them in one call.
/// </summary>
/// <remarks>
/// Connections that wait for something hold no block. Those that come back are kept up to a bound; what is beyond it is the collector's.
/// </remarks>
internal sealed class BlockPool : MemoryPool<byte>
{
    public const int BlockSize = 128 * 1024;
    public const int MostKept = 16;

    private readonly ConcurrentStack<byte[]> _kept = [];

    public override int MaxBufferSize => BlockSize;

    /// <summary>Blocks that wait for their next use.</summary>
    public int Kept => _kept.Count;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockSize);

        // Sockets pin what they read into: from the beginning, it never stands in a compaction's way.
        return new Block(this, _kept.TryPop(out var block) ? block : GC.AllocateUninitializedArray<byte>(BlockSize, pinned: true));
    }

    // Whoever still has a block may give it back later: nothing is taken away from anybody.
    protected override void Dispose(bool disposing) => _kept.Clear();

    private void Return(byte[] block)
    {
        if (_kept.Count < MostKept)
        {
            _kept.Push(block);
        }
    }

    private sealed class Block(BlockPool pool, byte[] array) : IMemoryOwner<byte>
    {
        private byte[]? _array = array;

        public Memory<byte> Memory =>
            MemoryMarshal.CreateFromPinnedArray(_array ?? throw new ObjectDisposedException(nameof(Block)), 0, BlockSize);

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _array, null) is { } block)
            {
                pool.Return(block);
            }
        }
    }
}
