using System.Security.Cryptography;
using Portal.Engine.Content;

namespace Portal.Engine.Linux.Volumes.Archives;

/// <summary>
/// Gives an archive without its trailer, which is what the last bytes are, and hashes what it gives. Does not own the stream beneath.
/// </summary>
internal sealed class ArchiveInput(Stream archive) : ReadOnlyStream
{
    private readonly IncrementalHash _body = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly IncrementalHash _whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _buffer = new byte[(128 * 1024) + ArchiveTrailer.Length];
    private int _start;
    private int _end;
    private bool _hasEnded;

    /// <summary>SHA-256 of the whole archive, once it has been read.</summary>
    public string Digest => $"sha256:{Convert.ToHexStringLower(_whole.GetCurrentHash())}";

    /// <summary>How many bytes were read of it.</summary>
    public long Count { get; private set; }

    /// <summary>True when all was read and the trailer tells of just these bytes.</summary>
    public bool IsConfirmed => _hasEnded && ArchiveTrailer.Confirms(_buffer.AsSpan(_start, _end - _start), _body.GetCurrentHash());

    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!_hasEnded && _end - _start <= ArchiveTrailer.Length)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
            var read = await archive.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
            _whole.AppendData(_buffer, _end, read);
            _end += read;
            Count += read;
            _hasEnded = read == 0;
        }

        var given = Math.Clamp(_end - _start - ArchiveTrailer.Length, 0, buffer.Length);
        _buffer.AsSpan(_start, given).CopyTo(buffer.Span);
        _body.AppendData(_buffer, _start, given);
        _start += given;
        return given;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _body.Dispose();
            _whole.Dispose();
        }

        base.Dispose(disposing);
    }
}
