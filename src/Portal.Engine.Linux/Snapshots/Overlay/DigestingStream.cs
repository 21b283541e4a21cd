using System.Security.Cryptography;
using Portal.Engine.Content;

namespace Portal.Engine.Linux.Snapshots.Overlay;

/// <summary>
/// Hashes what is read through it, large pieces while the caller is at work on them: a caller leaves what it has read as it is until its
/// next read. Does not own the stream beneath; ends with <see cref="FinishAsync"/>.
/// </summary>
internal sealed class DigestingStream(Stream inner, IncrementalHash hash) : ReadOnlyStream
{
    // Less is hashed sooner than another thread is woken.
    private const int LeastBytes = 64 * 1024;

    private Task _hashing = Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count)
    {
        _hashing.GetAwaiter().GetResult();
        var read = inner.Read(buffer, offset, count);
        hash.AppendData(buffer, offset, read);
        return read;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // It may be in the very buffer that is read into now.
        await _hashing.ConfigureAwait(false);
        var read = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        if (read < LeastBytes)
        {
            hash.AppendData(buffer.Span[..read]);
        }
        else
        {
            _hashing = Task.Run(() => hash.AppendData(buffer.Span[..read]), CancellationToken.None);
        }

        return read;
    }

    /// <summary>Waits until all that was read is hashed.</summary>
    public Task FinishAsync() => _hashing;
}
