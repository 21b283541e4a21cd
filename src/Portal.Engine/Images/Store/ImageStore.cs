using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Portal.Engine.Errors;
using Portal.Engine.Hosting;
using Portal.Engine.Storage;

namespace Portal.Engine.Images.Store;

/// <summary>
/// The index of images: in memory as an immutable object, on the disk as one file that is replaced atomically. Reading takes no lock.
/// </summary>
internal sealed partial class ImageStore
{
    private readonly string _path;
    private readonly IDurableFiles _files;
    private readonly Lock _gate = new();
    private volatile ImageIndex _index;

    public ImageStore(EngineOptions options, IDurableFiles files)
    {
        _files = files;
        var folder = Path.Combine(Path.GetFullPath(options.DataRoot), "images");
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _path = Path.Combine(folder, "index.json");
        _index = Read();
    }

    public ImageIndex Index => _index;

    /// <summary>Replaces the index. The change is on the disk when this returns; on a failure nothing has changed.</summary>
    public ImageIndex Update(Func<ImageIndex, ImageIndex> change)
    {
        lock (_gate)
        {
            var changed = change(_index);
            var document = new IndexDocument(
                1,
                [.. changed.Images.Values.OrderBy(image => image.Id, StringComparer.Ordinal)],
                new SortedDictionary<string, string>(changed.Lists, StringComparer.Ordinal));
            _files.WriteAtomically(_path, JsonSerializer.SerializeToUtf8Bytes(document, StoreJson.Default.IndexDocument));
            _index = changed;
            return changed;
        }
    }

    private ImageIndex Read()
    {
        if (!File.Exists(_path))
        {
            return ImageIndex.Empty;
        }

        try
        {
            var document = JsonSerializer.Deserialize(File.ReadAllBytes(_path), StoreJson.Default.IndexDocument)
                ?? throw new JsonException("The index is empty.");
            return new ImageIndex(
                document.Images.ToImmutableDictionary(image => image.Id),
                document.Lists?.ToImmutableDictionary() ?? ImmutableDictionary<string, string>.Empty);
        }
        catch (JsonException failure)
        {
            // Going on with no images would let the collection remove all of them.
            throw new EngineException(
                EngineErrorKind.Internal,
                $"The index of images '{_path}' can't be read. Restore it from a backup, or remove it to begin without images.",
                failure);
        }
    }

    private sealed record IndexDocument(int Version, IReadOnlyList<ImageRecord> Images, SortedDictionary<string, string>? Lists);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(IndexDocument))]
    private sealed partial class StoreJson : JsonSerializerContext;
}
