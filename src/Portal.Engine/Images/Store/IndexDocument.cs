using System.Text.Json;
using System.Text.Json.Serialization;
using Portal.Engine.Content;
using Portal.Engine.Distribution.Signatures;

namespace Portal.Engine.Images.Store;

/// <summary>The file that holds the index of images.</summary>
internal sealed partial record IndexDocument(int Version, IReadOnlyList<ImageRecord> Images, SortedDictionary<string, string>? Lists)
{
    public static byte[] Write(ImageIndex index)
    {
        var document = new IndexDocument(
            1,
            [.. index.Images.Values.OrderBy(image => image.Id, StringComparer.Ordinal)],
            new SortedDictionary<string, string>(index.Lists, StringComparer.Ordinal));
        return JsonSerializer.SerializeToUtf8Bytes(document, IndexJson.Default.IndexDocument);
    }

    /// <exception cref="JsonException">It is not what <see cref="Write"/> writes.</exception>
    public static IndexDocument Read(ReadOnlySpan<byte> content)
    {
        var document = JsonSerializer.Deserialize(content, IndexJson.Default.IndexDocument);
        return document?.Images?.All(IsSound) == true
            && document.Images.DistinctBy(image => image.Id).Count() == document.Images.Count
            && document.Lists?.All(IsSound) != false
                ? document with { Images = [.. document.Images.Select(Complete)] }
                : throw new JsonException("It lacks images, or holds some that are none.");
    }

    /// <summary>Reads what can be read of a damaged one: whole entries, up to the first that is none.</summary>
    public static (IReadOnlyList<ImageRecord> Images, IReadOnlyDictionary<string, string> Lists) Salvage(ReadOnlySpan<byte> content)
    {
        var images = new List<ImageRecord>();
        var lists = new Dictionary<string, string>();
        try
        {
            var reader = new Utf8JsonReader(content, isFinalBlock: true, default);
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("images"u8))
                {
                    ReadImages(ref reader, images);
                }
                else if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("lists"u8))
                {
                    reader.Read();
                    foreach (var list in JsonSerializer.Deserialize(ref reader, IndexJson.Default.SortedDictionaryStringString) ?? [])
                    {
                        if (IsSound(list))
                        {
                            lists[list.Key] = list.Value;
                        }
                    }
                }
            }
        }
        catch (JsonException)
        {
            // What came before is all that there is.
            return (images, lists);
        }

        return (images, lists);
    }

    private static void ReadImages(ref Utf8JsonReader reader, List<ImageRecord> images)
    {
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            if (JsonSerializer.Deserialize(ref reader, IndexJson.Default.ImageRecord) is { } image && IsSound(image))
            {
                images.Add(Complete(image));
            }
        }
    }

    // The parser lets null stand anywhere, and a damaged disk puts anything into texts.
    private static bool IsSound(ImageRecord? image) =>
        image?.Layers is not null
        && Digest.TryParse(image.Id, out _)
        && Digest.TryParse(image.Manifest, out _)
        && image.Layers.All(IsSound)
        && (image.Names ?? []).Concat(image.Digests ?? []).Concat(image.Variants ?? []).All(name => ImageReference.TryParse(name, out _));

    // An engine of another age does not write all of it; the parser leaves null there.
    private static ImageRecord Complete(ImageRecord image) => image with
    {
        Names = image.Names ?? [],
        Digests = image.Digests ?? [],
        Variants = image.Variants ?? [],
        Labels = image.Labels ?? new Dictionary<string, string>(),
        Signatures = [.. (image.Signatures ?? []).Where(IsSound)],
    };

    // A record that is damaged proves nothing; the image is no worse for it.
    private static bool IsSound(VerifiedSignature? signature) => signature is { Repository: not null, Digest: not null, Key: not null };

    private static bool IsSound(LayerReference? layer) => layer is not null
        && Digest.TryParse(layer.DiffId, out _) && Digest.TryParse(layer.ChainId, out _) && Digest.TryParse(layer.Blob, out _);

    private static bool IsSound(KeyValuePair<string, string> list) =>
        ImageReference.TryParse(list.Key, out _) && Digest.TryParse(list.Value, out _);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(IndexDocument))]
    private sealed partial class IndexJson : JsonSerializerContext;
}
