using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Engine.Errors;
using Portal.Engine.Hosting;
using Portal.Engine.Storage;

namespace Portal.Engine.Images.Store;

/// <summary>
/// The index of images: in memory as an immutable object, on the disk as one file that is replaced atomically. Reading takes no lock.
/// </summary>
/// <remarks>
/// A file that can't be read stops nobody: it is kept under another name, and the index is made anew of what is found
/// (<see cref="ImageIndexRecovery"/>). Each start keeps a copy of the index for that.
/// </remarks>
internal sealed partial class ImageStore
{
    private const string UnreadablePrefix = "unreadable-index-";
    private readonly string _folder;
    private readonly string _path;
    private readonly string _copy;
    private readonly IDurableFiles _files;
    private readonly ImageIndexRecovery _recovery;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private volatile ImageIndex _index;

    // Of what this process wrote last; empty until then.
    private byte[] _written = [];

    public ImageStore(EngineOptions options, IDurableFiles files, ImageIndexRecovery recovery, ILogger<ImageStore>? logger = null)
    {
        _files = files;
        _recovery = recovery;
        _logger = logger ?? NullLogger<ImageStore>.Instance;
        _folder = Path.Combine(Path.GetFullPath(options.DataRoot), "images");
        Directory.CreateDirectory(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _path = Path.Combine(_folder, "index.json");
        _copy = Path.Combine(_folder, "index-at-start.json");
        _index = Read();
    }

    public ImageIndex Index => _index;

    /// <summary>Files with an index that some start could not read, oldest first.</summary>
    public IReadOnlyList<string> Unreadable =>
        [.. Directory.GetFiles(_folder, UnreadablePrefix + "*").Order(StringComparer.Ordinal)];

    /// <summary>Replaces the index. The change is on the disk when this returns; on a failure nothing has changed.</summary>
    public ImageIndex Update(Func<ImageIndex, ImageIndex> change)
    {
        lock (_gate)
        {
            var changed = change(_index);
            var content = IndexDocument.Write(changed);
            var hash = SHA256.HashData(content);

            // An image that is registered again as it is, as by a build from the cache alone, changes nothing: no wait for the disk.
            if (!_written.AsSpan().SequenceEqual(hash))
            {
                _files.WriteAtomically(_path, content);
                _written = hash;
            }

            _index = changed;
            return changed;
        }
    }

    private ImageIndex Read()
    {
        // An engine that ran here before has an index: one that is gone is no better than one that can't be read.
        if (!File.Exists(_path) && !File.Exists(_copy))
        {
            return ImageIndex.Empty;
        }

        byte[] bytes = [];
        try
        {
            bytes = File.ReadAllBytes(_path);
            var document = IndexDocument.Read(bytes);
            TryCopy(bytes);
            return new ImageIndex(
                document.Images.ToImmutableDictionary(image => image.Id),
                document.Lists?.ToImmutableDictionary() ?? ImmutableDictionary<string, string>.Empty);
        }
        catch (Exception failure) when (failure is JsonException or IOException)
        {
            return Recover(bytes, failure);
        }
    }

    private void TryCopy(byte[] index)
    {
        try
        {
            _files.WriteAtomically(_copy, index, durable: false);
        }
        catch (Exception failure) when (failure is EngineException or IOException)
        {
            // An engine whose disk is full has to start: it is what makes room. The copy of an earlier start stays.
            LogNotCopied(failure, _copy);
        }
    }

    private ImageIndex Recover(byte[] bytes, Exception failure)
    {
        var index = _recovery.Recover(bytes, File.Exists(_copy) ? File.ReadAllBytes(_copy) : []);
        var kept = Path.Combine(_folder, UnreadablePrefix + Path.GetRandomFileName());

        Keep(kept);
        _files.WriteAtomically(_path, IndexDocument.Write(index));
        var named = index.Images.Values.Count(image => image.Names.Count > 0);
        LogRecovered(failure, _path, kept, index.Images.Count, named);
        return index;
    }

    private void Keep(string kept)
    {
        try
        {
            File.Copy(_path, kept);
        }
        catch (FileNotFoundException)
        {
            File.WriteAllText(kept, "There was no index of images, though there had been one.");
        }
        catch (IOException)
        {
            // What the disk does not give back can't be copied; its name can be changed all the same.
            File.Move(_path, kept);
        }
    }

    [LoggerMessage(
        EventId = 1809,
        Level = LogLevel.Warning,
        Message = "The copy of the index of images at '{Path}' could not be written; the earlier one stays")]
    private partial void LogNotCopied(Exception exception, string path);

    [LoggerMessage(
        EventId = 1801,
        Level = LogLevel.Error,
        Message = "The index of images '{Path}' can't be read. It is kept as '{Kept}', and made anew: {Images} images were found, "
            + "{Named} of them with names. Pull or tag the others again")]
    private partial void LogRecovered(Exception failure, string path, string kept, int images, int named);
}
