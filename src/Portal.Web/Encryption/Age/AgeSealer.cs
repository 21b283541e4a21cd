using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Portal.Web.Encryption.Age;

/// <summary>Encrypts what is written, for recipients, as age does. Only <see cref="CompleteAsync"/> makes it whole.</summary>
/// <remarks>One for a file; not thread safe. The target is the caller's to close.</remarks>
internal sealed class AgeSealer : IDisposable
{
    private readonly Stream _target;
    private readonly byte[] _head;
    private readonly ChaCha20Poly1305 _cipher;
    private readonly byte[] _plain = new byte[AgeHeader.ChunkSize];
    private readonly byte[] _sealed = new byte[AgeHeader.ChunkSize + AgeHeader.TagSize];
    private int _length;
    private ulong _number;
    private bool _begun;

    /// <exception cref="AgeException">A key is none that could protect anything.</exception>
    public AgeSealer(Stream target, IReadOnlyList<AgeRecipient> recipients)
    {
        ArgumentOutOfRangeException.ThrowIfZero(recipients.Count);
        _target = target;
        var fileKey = RandomNumberGenerator.GetBytes(AgeHeader.FileKeySize);
        var nonce = RandomNumberGenerator.GetBytes(AgeHeader.PayloadNonceSize);
        _head = [.. AgeHeader.Write(recipients.Select(recipient => recipient.Wrap(fileKey)), fileKey), .. nonce];
        _cipher = new ChaCha20Poly1305(AgeHeader.PayloadKey(fileKey, nonce));
        CryptographicOperations.ZeroMemory(fileKey);
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        while (data.Length > 0)
        {
            // A full chunk waits for what follows: the last one is marked.
            if (_length == _plain.Length)
            {
                await SealAsync(isLast: false, cancellationToken);
            }

            var count = Math.Min(data.Length, _plain.Length - _length);
            data[..count].CopyTo(_plain.AsMemory(_length));
            _length += count;
            data = data[count..];
        }
    }

    public Task CompleteAsync(CancellationToken cancellationToken) => SealAsync(isLast: true, cancellationToken);

    public void Dispose()
    {
        _cipher.Dispose();
        CryptographicOperations.ZeroMemory(_plain);
    }

    /// <summary>11 bytes of the chunk's number, and 1 for the last one.</summary>
    public static void WriteNonce(Span<byte> nonce, ulong number, bool isLast)
    {
        nonce.Clear();
        BinaryPrimitives.WriteUInt64BigEndian(nonce[3..11], number);
        nonce[11] = isLast ? (byte)1 : (byte)0;
    }

    private async Task SealAsync(bool isLast, CancellationToken cancellationToken)
    {
        if (!_begun)
        {
            _begun = true;
            await _target.WriteAsync(_head, cancellationToken);
        }

        Seal(isLast);
        await _target.WriteAsync(_sealed.AsMemory(0, _length + AgeHeader.TagSize), cancellationToken);
        _length = 0;
        _number++;
    }

    private void Seal(bool isLast)
    {
        Span<byte> nonce = stackalloc byte[AgeHeader.NonceSize];
        WriteNonce(nonce, _number, isLast);
        _cipher.Encrypt(nonce, _plain.AsSpan(0, _length), _sealed.AsSpan(0, _length), _sealed.AsSpan(_length, AgeHeader.TagSize));
    }
}
