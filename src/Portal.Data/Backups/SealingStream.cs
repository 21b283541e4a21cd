using System.Buffers.Binary;
using System.Security.Cryptography;
using Portal.Data.Streams;

namespace Portal.Data.Backups;

/// <summary>Encrypts what is written to it, chunk by chunk (<see cref="BackupHeader"/>).
/// Only <see cref="CompleteAsync"/> makes it whole.</summary>
internal sealed class SealingStream : WriteOnlyStream
{
    private readonly Stream _target;
    private readonly BackupHeader _header = BackupHeader.Make();
    private readonly AesGcm _cipher;
    private readonly byte[] _plain = new byte[BackupHeader.ChunkSize];
    private readonly byte[] _sealed = new byte[4 + BackupHeader.ChunkSize + BackupHeader.TagSize];
    private int _length;
    private ulong _number;
    private bool _begun;

    public SealingStream(Stream target, string passphrase)
    {
        _target = target;
        _cipher = _header.MakeCipher(passphrase);
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (buffer.Length > 0)
        {
            // A full chunk waits for what follows: the last one is marked.
            if (_length == _plain.Length)
            {
                await SealAsync(last: false, cancellationToken).ConfigureAwait(false);
            }

            var count = Math.Min(buffer.Length, _plain.Length - _length);
            buffer[..count].CopyTo(_plain.AsMemory(_length));
            _length += count;
            buffer = buffer[count..];
        }
    }

    public Task CompleteAsync(CancellationToken cancellationToken) => SealAsync(last: true, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        _cipher.Dispose();
        CryptographicOperations.ZeroMemory(_plain);
        base.Dispose(disposing);
    }

    private async Task SealAsync(bool last, CancellationToken cancellationToken)
    {
        if (!_begun)
        {
            _begun = true;
            await _target.WriteAsync(_header.Bytes, cancellationToken).ConfigureAwait(false);
        }

        Seal(last);
        await _target.WriteAsync(_sealed.AsMemory(0, 4 + _length + BackupHeader.TagSize), cancellationToken).ConfigureAwait(false);
        _length = 0;
        _number++;
    }

    private void Seal(bool last)
    {
        Span<byte> nonce = stackalloc byte[12];
        BackupHeader.WriteNonce(nonce, _number, last);
        BinaryPrimitives.WriteUInt32BigEndian(_sealed, (uint)_length | (last ? BackupHeader.LastMark : 0));
        var content = _sealed.AsSpan(4, _length);
        var tag = _sealed.AsSpan(4 + _length, BackupHeader.TagSize);
        _cipher.Encrypt(nonce, _plain.AsSpan(0, _length), content, tag, _header.Bytes);
    }
}
