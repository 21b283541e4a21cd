using System.Buffers.Binary;
using System.Security.Cryptography;
using Portal.Data.Streams;

namespace Portal.Data.Backups;

/// <summary>Decrypts what <see cref="SealingStream"/> wrote. Gives no byte of a chunk before that is found genuine.</summary>
internal sealed class OpeningStream : ReadOnlyStream
{
    private readonly Stream _source;
    private readonly BackupHeader _header;
    private readonly AesGcm _cipher;
    private readonly byte[] _plain = new byte[BackupHeader.ChunkSize];
    private readonly byte[] _sealed = new byte[BackupHeader.ChunkSize + BackupHeader.TagSize];
    private int _offset;
    private int _length;
    private ulong _number;
    private bool _ended;

    private OpeningStream(Stream source, BackupHeader header, string passphrase)
    {
        _source = source;
        _header = header;
        _cipher = header.MakeCipher(passphrase);
    }

    /// <exception cref="BackupException">It does not begin as a backup does.</exception>
    public static async Task<OpeningStream> OpenAsync(Stream source, string passphrase, CancellationToken cancellationToken)
    {
        var bytes = new byte[BackupHeader.Size];
        var read = await source.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return new OpeningStream(source, BackupHeader.Parse(bytes[..read]), passphrase);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_offset == _length && !_ended)
        {
            await OpenChunkAsync(cancellationToken).ConfigureAwait(false);
        }

        var count = Math.Min(buffer.Length, _length - _offset);
        _plain.AsMemory(_offset, count).CopyTo(buffer);
        _offset += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        _cipher.Dispose();
        CryptographicOperations.ZeroMemory(_plain);
        base.Dispose(disposing);
    }

    private async Task OpenChunkAsync(CancellationToken cancellationToken)
    {
        var head = new byte[4];
        await FillAsync(head, cancellationToken).ConfigureAwait(false);
        var mark = BinaryPrimitives.ReadUInt32BigEndian(head);
        var last = (mark & BackupHeader.LastMark) != 0;
        var length = mark & ~BackupHeader.LastMark;
        if (length > BackupHeader.ChunkSize)
        {
            throw Damaged();
        }

        var chunk = _sealed.AsMemory(0, (int)length + BackupHeader.TagSize);
        await FillAsync(chunk, cancellationToken).ConfigureAwait(false);
        Open(chunk.Span, (int)length, last);
        _ended = last;
        _number++;
        if (last && await _source.ReadAsync(head, cancellationToken).ConfigureAwait(false) != 0)
        {
            throw Damaged();
        }
    }

    private void Open(Span<byte> chunk, int length, bool last)
    {
        Span<byte> nonce = stackalloc byte[12];
        BackupHeader.WriteNonce(nonce, _number, last);
        try
        {
            _cipher.Decrypt(nonce, chunk[..length], chunk[length..], _plain.AsSpan(0, length), _header.Bytes);
        }
        catch (AuthenticationTagMismatchException failure)
        {
            throw _number == 0
                ? new BackupException("The passphrase is not that of this backup, or the backup is damaged.", failure)
                : Damaged(failure);
        }

        (_offset, _length) = (0, length);
    }

    private async Task FillAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var read = await _source.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken)
            .ConfigureAwait(false);
        if (read != buffer.Length)
        {
            throw new BackupException("The backup was cut off.");
        }
    }

    private static BackupException Damaged(Exception? inner = null) => new("The backup is damaged.", inner);
}
