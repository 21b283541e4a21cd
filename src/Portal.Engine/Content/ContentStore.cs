using Microsoft.Win32.SafeHandles;
using Portal.Engine.Errors;
using Portal.Engine.Hosting;
using Portal.Engine.Storage;

namespace Portal.Engine.Content;

/// <summary>Blobs by digest, in the folder form of an OCI image layout (see the README beside this file). One for each
/// data folder; any thread.</summary>
internal sealed class ContentStore : IDisposable
{
    private readonly IDurableFiles _files;
    private readonly string _root;
    private readonly string _blobs;
    private readonly string _ingest;
    private readonly string _diffIds;
    private readonly DiscardedBlobs _discarded;

    public ContentStore(EngineOptions options, IDurableFiles files)
    {
        _files = files;
        _root = Path.Combine(Path.GetFullPath(options.DataRoot), "content");
        _blobs = Path.Combine(_root, "blobs", "sha256");
        _ingest = Path.Combine(_root, "ingest");
        _diffIds = Path.Combine(_root, "diff-ids");
        const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Directory.CreateDirectory(_root, OwnerOnly);
        Directory.CreateDirectory(_blobs);
        Directory.CreateDirectory(_ingest);
        Directory.CreateDirectory(_diffIds);

        // Nothing is being written when an engine starts: what is there is of one that was killed.
        foreach (var stale in Directory.EnumerateFiles(_ingest))
        {
            File.Delete(stale);
        }

        _discarded = new DiscardedBlobs(Path.Combine(_root, "trash"));
    }

    public bool Has(Digest digest) => File.Exists(PathOf(digest));

    public long SizeOf(Digest digest) => new FileInfo(PathOf(digest)).Length;

    /// <summary>Bytes of a blob that others may remove at any moment; null when it is gone.</summary>
    public long? TrySizeOf(Digest digest) => new FileInfo(PathOf(digest)) is { Exists: true } file ? file.Length : null;

    public Stream OpenRead(Digest digest)
    {
        try
        {
            var options = new FileStreamOptions { Options = FileOptions.SequentialScan | FileOptions.Asynchronous, BufferSize = 0 };
            return new FileStream(PathOf(digest), options);
        }
        catch (FileNotFoundException failure)
        {
            throw new EngineException(EngineErrorKind.NotFound, $"The content {digest} is not here.", failure);
        }
    }

    /// <summary>All of a small blob.</summary>
    public async Task<byte[]> ReadAsync(Digest digest, int maxBytes, CancellationToken cancellationToken)
    {
        var stream = OpenRead(digest);
        await using (stream.ConfigureAwait(false))
        {
            if (stream.Length > maxBytes)
            {
                throw EngineException.InvalidArgument(
                    $"The content {digest} is {stream.Length} bytes long, over the {maxBytes} that are allowed here.");
            }

            var content = new byte[stream.Length];
            await stream.ReadExactlyAsync(content, cancellationToken).ConfigureAwait(false);
            return content;
        }
    }

    /// <summary>Begins a blob whose digest need not be known yet.</summary>
    /// <param name="isHashed">False when the caller hashes the very same bytes elsewhere and tells the digest at the commit.</param>
    public BlobWriter BeginWrite(bool isHashed = true) => new(this, Path.Combine(_ingest, Path.GetRandomFileName()), isHashed);

    public async Task<Digest> WriteAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var digest = Digest.Of(content.Span);
        if (!Has(digest))
        {
            using var writer = BeginWrite();
            await writer.WriteAsync(content, cancellationToken).ConfigureAwait(false);
            writer.Commit(digest);
        }

        return digest;
    }

    /// <summary>Takes a blob out of sight; its space is free a little later.</summary>
    public void Delete(Digest digest) => _discarded.Add(PathOf(digest));

    /// <summary>Waits until deleted blobs take no space any more.</summary>
    public Task WaitForSpaceAsync(CancellationToken cancellationToken) => _discarded.WaitAsync(cancellationToken);

    public void Dispose() => _discarded.Dispose();

    public IEnumerable<(Digest Digest, DateTime WrittenUtc)> List()
    {
        foreach (var file in new DirectoryInfo(_blobs).EnumerateFiles())
        {
            if (Digest.TryParse($"sha256:{file.Name}", out var digest))
            {
                yield return (digest, file.LastWriteTimeUtc);
            }
        }
    }

    /// <summary>Names among the blobs that are no digests.</summary>
    public IReadOnlyList<string> ListForeign() =>
    [
        .. new DirectoryInfo(_blobs).EnumerateFileSystemInfos()
            .Select(file => file.Name)
            .Where(name => !Digest.TryParse($"sha256:{name}", out _)),
    ];

    /// <summary>Removes something among the blobs that is none.</summary>
    public void DeleteForeign(string name)
    {
        var path = Path.Combine(_blobs, name);
        if (Directory.Exists(path) && new DirectoryInfo(path).LinkTarget is null)
        {
            Directory.Delete(path, recursive: true);
        }
        else
        {
            File.Delete(path);
        }
    }

    /// <summary>Notes which blob, once decompressed, is the layer with this diff id. Losing the note costs one more download.</summary>
    public void NoteDiffId(Digest diffId, Digest blob)
    {
        _files.WriteAtomically(Path.Combine(_diffIds, diffId.Hex), System.Text.Encoding.ASCII.GetBytes(blob.ToString()), durable: false);
        Noted?.Invoke(diffId);
    }

    /// <summary>
    /// A layer, by its diff id, is another blob from now on, which <see cref="FindBlob"/> gives. Told while the caller still holds it: who
    /// keeps the layer holds that one from then on.
    /// </summary>
    public event Action<Digest>? Noted;

    /// <summary>A blob that is here and, once decompressed, is the layer with this diff id.</summary>
    public Digest? FindBlob(Digest diffId)
    {
        var path = Path.Combine(_diffIds, diffId.Hex);
        return File.Exists(path) && Digest.TryParse(File.ReadAllText(path), out var blob) && Has(blob) ? blob : null;
    }

    /// <summary>Removes notes about blobs that are gone.</summary>
    public void CollectNotes()
    {
        // What begins with a dot is being written by somebody at this moment; what a kill left of it, the start removes.
        foreach (var path in Directory.EnumerateFiles(_diffIds).Where(path => Path.GetFileName(path)[0] != '.'))
        {
            if (!Digest.TryParse(TryRead(path), out var blob) || !Has(blob))
            {
                File.Delete(path);
            }
        }

        // Another collection may have been here first.
        static string? TryRead(string path)
        {
            try
            {
                return File.ReadAllText(path);
            }
            catch (FileNotFoundException)
            {
                return null;
            }
        }
    }

    internal void BeginFlush(SafeFileHandle file, long offset, long length) => _files.BeginFlush(file, offset, length);

    internal void Publish(string temporaryPath, Digest digest) => _files.Publish(temporaryPath, PathOf(digest));

    private string PathOf(Digest digest) => Path.Combine(_blobs, digest.Hex);
}
