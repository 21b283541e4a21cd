using System.Buffers;
using Grpc.Core;
using Grpc.Wire;

namespace Grpc.Net.Client.Internal;

/// <summary>Takes messages out of the body of a response, through one pooled buffer that follows their size.</summary>
internal sealed class ResponseMessageReader(Stream body, string? encoding, int? maxReceiveSize) : IDisposable
{
    private const int Idle = 0;
    private const int Reading = 1;
    private const int Disposed = 2;
    private const int SmallSize = 4 * 1024;
    private const int KeptSize = 64 * 1024;

    private readonly PayloadDeserializationContext _context = new();
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(SmallSize);
    private int _state = Idle;
    private int _start;
    private int _end;

    /// <summary>Reads the next message; null at the end of the body.</summary>
    public async ValueTask<T?> ReadAsync<T>(Func<DeserializationContext, T> deserializer, CancellationToken cancellationToken)
        where T : class
    {
        if (Interlocked.CompareExchange(ref _state, Reading, Idle) != Idle)
        {
            throw new OperationCanceledException("The call ended.", cancellationToken);
        }

        try
        {
            return await ReadMessageAsync(deserializer, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.CompareExchange(ref _state, Idle, Reading);
        }
    }

    public void Dispose()
    {
        // A buffer that a read still fills is left to the garbage collector: the pool must not hand it out.
        if (Interlocked.Exchange(ref _state, Disposed) == Idle)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }
    }

    private async ValueTask<T?> ReadMessageAsync<T>(
        Func<DeserializationContext, T> deserializer,
        CancellationToken cancellationToken)
        where T : class
    {
        Rewind();
        if (!await FillAsync(MessageFrame.HeaderLength, cancellationToken).ConfigureAwait(false))
        {
            return _start == _end ? null : throw WireErrors.Internal("Incomplete message.");
        }

        var (compressed, length) = MessageFrame.ReadHeader(
            _buffer.AsSpan(_start, MessageFrame.HeaderLength), maxReceiveSize);
        if (length > Array.MaxLength - MessageFrame.HeaderLength)
        {
            throw WireErrors.ReceivedTooLarge;
        }

        if (!await FillAsync(MessageFrame.HeaderLength + length, cancellationToken).ConfigureAwait(false))
        {
            throw WireErrors.Internal("Incomplete message.");
        }

        var payload = new ReadOnlySequence<byte>(_buffer, _start + MessageFrame.HeaderLength, length);
        _start += MessageFrame.HeaderLength + length;
        return _context.Deserialize(deserializer, payload, compressed, encoding, maxReceiveSize);
    }

    private async ValueTask<bool> FillAsync(int count, CancellationToken cancellationToken)
    {
        while (_end - _start < count)
        {
            MakeRoom(count);
            var read = await body.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                return false;
            }

            _end += read;
        }

        return true;
    }

    /// <summary>Between messages: begins at the front again, and lets go of a buffer that one message made large.</summary>
    private void Rewind()
    {
        if (_start != _end)
        {
            return;
        }

        _start = _end = 0;
        if (_buffer.Length > KeptSize)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = ArrayPool<byte>.Shared.Rent(SmallSize);
        }
    }

    /// <summary>
    /// Makes room at the end. Grows in steps up to the announced length, so that a peer that only announces a large
    /// message does not make this side take the memory for it.
    /// </summary>
    private void MakeRoom(int count)
    {
        if (_end < _buffer.Length && _buffer.Length - _start >= Math.Min(count, _buffer.Length))
        {
            return;
        }

        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(count, _buffer.Length * 4L));
            _buffer.AsSpan(0, _end).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
    }
}
