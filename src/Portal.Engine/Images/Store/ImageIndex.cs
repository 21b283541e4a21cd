using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Portal.Engine.Content;
using Portal.Engine.Errors;

namespace Portal.Engine.Images.Store;

/// <summary>All images at one moment; never changed, only replaced.</summary>
internal sealed partial class ImageIndex
{
    private readonly Lazy<HashSet<string>> _blobs;

    public ImageIndex(ImmutableDictionary<string, ImageRecord> images, ImmutableDictionary<string, string> lists)
    {
        Images = images;
        Lists = lists;
        _blobs = new Lazy<HashSet<string>>(() => [.. images.Values.SelectMany(image => image.Blobs()), .. lists.Values]);
    }

    public static ImageIndex Empty { get; } =
        new(ImmutableDictionary<string, ImageRecord>.Empty, ImmutableDictionary<string, string>.Empty);

    /// <summary>By id.</summary>
    public ImmutableDictionary<string, ImageRecord> Images { get; }

    /// <summary>By name in full form, the digest of the image index (or manifest list) that the name stands for.</summary>
    public ImmutableDictionary<string, string> Lists { get; }

    [JsonIgnore]
    public IEnumerable<string> ChainIds => Images.Values.SelectMany(image => image.Layers.Select(layer => layer.ChainId));

    public bool NeedsBlob(Digest digest) => _blobs.Value.Contains(digest.ToString());

    public ImageIndex WithoutDigest(string id, string repositoryDigest)
    {
        var image = Images[id];
        return Set(image with { Digests = [.. image.Digests.Where(other => other != repositoryDigest)] });
    }

    /// <summary>Changes an image; does nothing when it is not here.</summary>
    public ImageIndex Change(string id, Func<ImageRecord, ImageRecord> change) =>
        Images.TryGetValue(id, out var image) ? Set(change(image)) : this;

    /// <summary>Finds an image by full id, by name, or by a unique prefix of an id, in this order.</summary>
    /// <exception cref="EngineException">InvalidArgument: an ambiguous prefix, or malformed.</exception>
    public ImageMatch? Find(string reference)
    {
        var id = reference.Length == 64 ? $"sha256:{reference}" : reference;
        if (Images.TryGetValue(id, out var image))
        {
            return new ImageMatch(image, null, null);
        }

        var isName = ImageReference.TryParse(reference, out var name);
        var byName = isName ? FindByName(name!.WithDefaultTag()) : null;
        byName ??= FindByPrefix(reference);
        if (byName is null && !isName && !Digest.TryParse(id, out _))
        {
            ImageReference.Parse(reference);
        }

        return byName;
    }

    private ImageMatch? FindByName(ImageReference name)
    {
        if (name.Digest is null)
        {
            var text = name.ToString();
            var image = Images.Values.FirstOrDefault(image => image.Names.Contains(text));
            return image is null ? null : new ImageMatch(image, text, null);
        }

        var digest = name.WithDigest(name.Digest).ToString();
        var byDigest = Images.Values.Where(image => image.Digests.Contains(digest)).MinBy(Rank);
        return byDigest is null ? null : new ImageMatch(byDigest, null, digest);
    }

    private ImageMatch? FindByPrefix(string reference)
    {
        var prefix = reference.StartsWith("sha256:", StringComparison.Ordinal) ? reference : $"sha256:{reference}";
        if (prefix.Length == 7 || prefix.AsSpan(7).ContainsAnyExcept("0123456789abcdef"))
        {
            return null;
        }

        var matches = Images.Values.Where(image => image.Id.StartsWith(prefix, StringComparison.Ordinal)).Take(2).ToList();
        return matches.Count switch
        {
            0 => null,
            1 => new ImageMatch(matches[0], null, null),
            _ => throw EngineException.InvalidArgument($"The id '{reference}' fits several images. Write more of it."),
        };
    }

    private ImageIndex Set(ImageRecord image) => new(Images.SetItem(image.Id, image), Lists);
}
