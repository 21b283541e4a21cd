using Portal.Engine.Archives;
using Portal.Engine.Content;
using Portal.Engine.Errors;
using Portal.Engine.Images.Formats;

namespace Portal.Engine.Images.Loading;

/// <summary>
/// The files of an archive, by their path in it, as blobs of the content store. Paths are only keys: nothing is ever written under a name
/// from an archive. Files that are not used are removed on disposal;
/// those that are, are noted for their collection.
/// </summary>
internal sealed class ArchiveFiles(ContentStore content, ContentLease lease, List<Digest> used) : IDisposable
{
    private const string BlobFolder = "blobs/sha256/";
    private const int MaxLinks = 10;
    private readonly Dictionary<string, BlobWriter> _pending = [];
    private readonly Dictionary<string, Digest> _files = [];
    private readonly Dictionary<string, string> _links = [];
    private readonly byte[] _buffer = new byte[256 * 1024];

    public async Task AddAsync(TarEntry entry, TarReader reader, CancellationToken cancellationToken)
    {
        var path = Normalize("", entry.Path);
        switch (entry.Kind)
        {
            case TarEntryKind.File when entry.Segments is null:
                await AddFileAsync(path, reader, cancellationToken).ConfigureAwait(false);
                break;
            case TarEntryKind.SymbolicLink:
                _links[path] = Normalize(path[..(path.LastIndexOf('/') + 1)], entry.Link);
                break;
            case TarEntryKind.HardLink:
                _links[path] = Normalize("", entry.Link);
                break;
            case TarEntryKind.Folder:
                break;
            default:
                throw new TarFormatException($"'{path}' is a {entry.Kind}, which image archives don't have");
        }
    }

    public bool Has(string path) => Resolve(path) is { } real && (_pending.ContainsKey(real) || _files.ContainsKey(real));

    /// <summary>The digest of a file, which is in the content store from then on.</summary>
    /// <exception cref="EngineException">InvalidArgument: no such file.</exception>
    public Digest Use(string path)
    {
        var real = Resolve(path)
            ?? throw EngineException.InvalidArgument($"The archive is damaged or incomplete: '{path}' is not in it.");
        if (_files.TryGetValue(real, out var known))
        {
            return known;
        }

        if (!_pending.Remove(real, out var writer))
        {
            throw EngineException.InvalidArgument($"The archive is damaged or incomplete: '{path}' is not in it.");
        }

        using (writer)
        {
            var digest = writer.Commit(onDigest: lease.Hold);
            _files[real] = digest;
            used.Add(digest);
            return digest;
        }
    }

    /// <summary>The blob of an OCI image layout, checked against its name.</summary>
    public Digest UseBlob(Digest digest)
    {
        var actual = Use(BlobFolder + digest.Hex);
        return actual == digest
            ? actual
            : throw EngineException.InvalidArgument($"The archive is damaged: its content {digest} has the digest {actual}.");
    }

    /// <summary>All of a small file.</summary>
    public Task<byte[]> ReadAsync(string path, CancellationToken cancellationToken) =>
        content.ReadAsync(Use(path), FormatJson.MaxBytes, cancellationToken);

    public void Dispose()
    {
        foreach (var writer in _pending.Values)
        {
            writer.Dispose();
        }
    }

    private static string Normalize(string folder, string path)
    {
        var names = new List<string>();
        foreach (var name in (folder + path).Split('/'))
        {
            if (name == ".." && names.Count > 0)
            {
                names.RemoveAt(names.Count - 1);
            }
            else if (name == "..")
            {
                throw new TarFormatException($"'{path}' leads out of the archive");
            }
            else if (name is not ("" or "."))
            {
                names.Add(name);
            }
        }

        return string.Join('/', names);
    }

    private string? Resolve(string path)
    {
        var real = path;
        for (var i = 0; i <= MaxLinks; i++)
        {
            if (!_links.TryGetValue(real, out var target))
            {
                return real;
            }

            real = target;
        }

        return null;
    }

    private async Task AddFileAsync(string path, TarReader reader, CancellationToken cancellationToken)
    {
        if (_pending.ContainsKey(path) || _links.ContainsKey(path))
        {
            throw new TarFormatException($"'{path}' is in it twice");
        }

        var writer = content.BeginWrite();
        _pending.Add(path, writer);
        int read;
        while ((read = await reader.ReadDataAsync(_buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            await writer.WriteAsync(_buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
        }

        writer.Finish();
    }
}
