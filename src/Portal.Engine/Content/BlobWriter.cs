using System.Security.Cryptography;
using Portal.Engine.Errors;
using Portal.Engine.Storage;

namespace Portal.Engine.Content;

/// <summary>
/// Writes one blob to a temporary file and hashes it on the way, unless somebody else does. Disposing before <see cref="Commit"/> removes
/// all trace. One caller.
/// </summary>
internal sealed class BlobWriter : IDisposable
{
    // What is begun to be written to the disk at once: enough for the disk to be busy, little enough to be there before the end.
    private const long FlushBytes = 16 << 20;

    private readonly ContentStore _store;
    private readonly string _path;
    private readonly FileStream _file;
    private readonly IncrementalHash? _hash;
    private long _flushed;
    private bool _isCommitted;

    public BlobWriter(ContentStore store, string path, bool isHashed)
    {
        _store = store;
        _path = path;
        _hash = isHashed ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;
        _file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
    }

    public long Length { get; private set; }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        try
        {
            // To the page cache, which takes less than a change of threads; only a disk that can't keep up holds this thread.
            cancellationToken.ThrowIfCancellationRequested();
            _file.Write(content.Span);
        }
        catch (IOException failure) when (DiskErrors.IsFull(failure))
        {
            throw DiskErrors.Full("Storing content of an image", failure);
        }

        _hash?.AppendData(content.Span);
        Length += content.Length;
        if (Length - _flushed >= FlushBytes)
        {
            // The commit waits for the disk: what is there by then need not be waited for.
            _store.BeginFlush(_file.SafeFileHandle, _flushed, Length - _flushed);
            _flushed = Length;
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Closes the file, for blobs that wait for their commit in numbers.</summary>
    public void Finish() => _file.Dispose();

    /// <summary>Makes the blob visible under its digest, on the disk.</summary>
    /// <param name="expected">What the digest must be, or null for whatever it is; what it is, of a blob that somebody else hashed.</param>
    /// <param name="onDigest">Told the digest before the blob can be seen, so that a lease can hold it in time.</param>
    /// <exception cref="EngineException">InvalidArgument: the content has another digest.</exception>
    public Digest Commit(Digest? expected = null, Action<Digest>? onDigest = null)
    {
        var digest = _hash is not null ? Digest.FromHash(_hash.GetHashAndReset())
            : expected ?? throw new InvalidOperationException("Nobody hashed the blob.");
        if (expected is { } wanted && wanted != digest)
        {
            throw EngineException.InvalidArgument(
                $"The content that should have the digest {wanted} has {digest}: it is damaged or was exchanged.");
        }

        onDigest?.Invoke(digest);
        _file.Dispose();
        try
        {
            _store.Publish(_path, digest);
        }
        catch (IOException failure) when (DiskErrors.IsFull(failure))
        {
            throw DiskErrors.Full("Storing content of an image", failure);
        }

        _isCommitted = true;
        return digest;
    }

    public void Dispose()
    {
        _file.Dispose();
        _hash?.Dispose();
        if (!_isCommitted)
        {
            File.Delete(_path);
        }
    }
}
