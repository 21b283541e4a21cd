using System.Security.Cryptography;
using Portal.Data.Streams;

namespace Portal.Web.Encryption.Age;

/// <summary>
/// Decrypts a file of age. Gives no byte of a chunk before that is found genuine, and ends well only where the file does.
/// </summary>
/// <remarks>Not thread safe. The source is the caller's to close.</remarks>
internal sealed class AgeOpeningStream : ReadOnlyStream
{
    private readonly Stream _source;
    private readonly ChaCha20Poly1305 _cipher;
    private readonly byte[] _plain = new byte[AgeHeader.ChunkSize];
    private readonly byte[] _sealed = new byte[AgeHeader.ChunkSize + AgeHeader.TagSize + 1];
    private int _held;
    private int _offset;
    private int _length;
    private ulong _number;
    private bool _ended;

    private AgeOpeningStream(Stream source, byte[] key) => (_source, _cipher) = (source, new ChaCha20Poly1305(key));

    /// <exception cref="AgeException">It does not begin as such a file does, or is for somebody else.</exception>
    public static async Task<AgeOpeningStream> OpenAsync(Stream source, AgeIdentity identity, CancellationToken cancellationToken)
    {
        // Byte by byte up to the end of the line of the sum: what follows is binary.
        var header = new List<byte>();
        var one = new byte[1];
        for (var line = 0; header.Count < AgeHeader.Longest;)
        {
            if (await source.ReadAsync(one, cancellationToken) == 0)
            {
                throw new AgeException(N("This is no file of age, or it was cut off."));
            }

            header.Add(one[0]);
            if (header.Count == AgeHeader.Intro.Length && !header.SequenceEqual(System.Text.Encoding.ASCII.GetBytes(AgeHeader.Intro)))
            {
                break;
            }

            if (one[0] == (byte)'\n')
            {
                if (header.Count - line > 3 && header[line] == '-' && header[line + 1] == '-' && header[line + 2] == '-')
                {
                    var fileKey = AgeHeader.Open(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(header), identity);
                    var nonce = new byte[AgeHeader.PayloadNonceSize];
                    return await source.ReadAtLeastAsync(nonce, nonce.Length, throwOnEndOfStream: false, cancellationToken) == nonce.Length
                        ? new AgeOpeningStream(source, AgeHeader.PayloadKey(fileKey, nonce)) : throw CutOff();
                }

                line = header.Count;
            }
        }

        throw new AgeException(N("This is no file of age."));
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_offset == _length && !_ended)
        {
            await OpenChunkAsync(cancellationToken);
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

    // A byte more than a chunk is read: whether there is one says whether the chunk is the last.
    private async Task OpenChunkAsync(CancellationToken cancellationToken)
    {
        var read = _held + await _source.ReadAtLeastAsync(
            _sealed.AsMemory(_held), _sealed.Length - _held, throwOnEndOfStream: false, cancellationToken);
        var isLast = read < _sealed.Length;
        var length = (isLast ? read : read - 1) - AgeHeader.TagSize;

        // Only a file that holds nothing has a chunk with nothing in it.
        if (length < 0 || (length == 0 && _number > 0))
        {
            throw CutOff();
        }

        Open(length, isLast);
        _sealed[0] = _sealed[^1];
        (_held, _ended) = (isLast ? 0 : 1, isLast);
        _number++;
    }

    private void Open(int length, bool isLast)
    {
        Span<byte> nonce = stackalloc byte[AgeHeader.NonceSize];
        AgeSealer.WriteNonce(nonce, _number, isLast);
        try
        {
            _cipher.Decrypt(nonce, _sealed.AsSpan(0, length), _sealed.AsSpan(length, AgeHeader.TagSize), _plain.AsSpan(0, length));
        }
        catch (AuthenticationTagMismatchException failure)
        {
            throw new AgeException(N("The file is damaged, or was cut off."), failure);
        }

        (_offset, _length) = (0, length);
    }

    private static AgeException CutOff() => new(N("The file was cut off."));
}
