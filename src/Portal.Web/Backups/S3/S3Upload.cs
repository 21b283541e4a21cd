using Portal.Data.Streams;

namespace Portal.Web.Backups.S3;

/// <summary>
/// Writes an object of which nobody knows how long it will be: a short one in one request, a long one in parts, of which one is in memory.
/// Only <see cref="CompleteAsync"/> makes it be there; <see cref="AbortAsync"/> takes back what came.
/// </summary>
internal sealed class S3Upload(S3Client client, string key) : WriteOnlyStream
{
    /// <summary>Bytes of a part, but for the last: S3 takes none below 5 MiB, and 10,000 of them.</summary>
    internal const int PartSize = 8 * 1024 * 1024;

    // Later ones are larger, so that 10,000 hold 400 GB and what is small needs little memory.
    private const int LargePartSize = 64 * 1024 * 1024;
    private const int PartsBeforeLarge = 4_000;
    private const int MostParts = 10_000;

    private readonly List<string> _tags = [];
    private byte[] _part = new byte[PartSize];
    private int _length;
    private string? _upload;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (buffer.Length > 0)
        {
            if (_length == _part.Length)
            {
                await PutPartAsync(cancellationToken);
            }

            var count = Math.Min(buffer.Length, _part.Length - _length);
            buffer[..count].CopyTo(_part.AsMemory(_length));
            _length += count;
            buffer = buffer[count..];
        }
    }

    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        if (_upload is null)
        {
            await client.PutAsync(key, _part.AsMemory(0, _length), cancellationToken);
            return;
        }

        await PutPartAsync(cancellationToken);
        await client.CompletePartsAsync(key, _upload, _tags, cancellationToken);
        _upload = null;
    }

    /// <summary>Takes back what came; a storage that does not answer keeps it, which its own rules for unfinished uploads remove.</summary>
    public async Task AbortAsync()
    {
        if (_upload is { } upload)
        {
            _upload = null;
            try
            {
                await client.AbortPartsAsync(key, upload, CancellationToken.None);
            }
            catch (IOException)
            {
                // What failed before is what is told.
            }
        }
    }

    private async Task PutPartAsync(CancellationToken cancellationToken)
    {
        if (_tags.Count == MostParts)
        {
            throw new S3Exception(N("The backup is larger than an object may be."));
        }

        _upload ??= await client.BeginPartsAsync(key, cancellationToken);
        _tags.Add(await client.PutPartAsync(key, _upload, _tags.Count + 1, _part.AsMemory(0, _length), cancellationToken));
        _length = 0;
        if (_tags.Count == PartsBeforeLarge)
        {
            _part = new byte[LargePartSize];
        }
    }
}
