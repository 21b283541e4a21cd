using System.Collections.Immutable;
using Portal.Engine.Images.Formats;

namespace Portal.Engine.Images.Store;

// A name stands for one image or, by way of a list, for images of several platforms. The one that suits this host best bears the name, as
// with Docker; the others are its variants, which are not listed, but found by platform, by id, and by who pushes or saves the name.
internal sealed partial class ImageIndex
{
    /// <summary>Adds an image, or what is new about one that is there, and moves the name to it.</summary>
    /// <param name="image">The image.</param>
    /// <param name="name">The name in full form, or null.</param>
    /// <param name="repositoryDigest">The repository digest in full form, or null.</param>
    /// <param name="list">The index that the name stands for and that names the image; null when there is none.</param>
    public ImageIndex With(ImageRecord image, string? name, string? repositoryDigest, string? list = null)
    {
        if (name is null)
        {
            return Put(image, repositoryDigest, isListed: false);
        }

        var holder = list is not null && Lists.GetValueOrDefault(name) == list ? HolderOf(name) : null;
        var index = (holder is null ? WithoutName(name) : this).Put(image, repositoryDigest, list is not null);
        if (holder is null)
        {
            index = index.Give(name, image.Id);
            return list is null ? index : new ImageIndex(index.Images, index.Lists.SetItem(name, list));
        }

        return holder.Id == image.Id ? index
            : Rank(image) < Rank(holder) ? index.Lend(name, holder.Id).Give(name, image.Id)
            : index.Lend(name, image.Id);
    }

    /// <summary>Gives what a name or id stands for another name, all of its platforms included.</summary>
    public ImageIndex WithName(ImageMatch match, string name)
    {
        if (match.Name == name)
        {
            return this;
        }

        var list = match.Name is null ? null : Lists.GetValueOrDefault(match.Name);
        var variants = match.Name is null ? [] : VariantsOf(match.Name).ToList();
        var index = WithoutName(name).Give(name, match.Image.Id);
        if (list is null)
        {
            return index;
        }

        index = variants.Aggregate(index, (changed, variant) => changed.Lend(name, variant.Id));
        return new ImageIndex(index.Images, index.Lists.SetItem(name, list));
    }

    /// <summary>Takes a name away; its images stay.</summary>
    public ImageIndex WithoutName(string name)
    {
        var images = Images;
        foreach (var image in Images.Values.Where(image => image.Names.Contains(name) || image.Variants.Contains(name)))
        {
            images = images.SetItem(
                image.Id, image with { Names = Without(image.Names, name), Variants = Without(image.Variants, name) });
        }

        return new ImageIndex(images, Lists.Remove(name));
    }

    /// <summary>Forgets that a name stands for a list: it stands for the one image that bears it.</summary>
    public ImageIndex WithoutList(string name) => HolderOf(name) is { } holder ? WithoutName(name).Give(name, holder.Id) : this;

    /// <summary>Removes a name, and its variants that have no other one.</summary>
    /// <param name="name">The name.</param>
    /// <param name="keeps">Tells which variants are to stay without a name.</param>
    /// <param name="removed">Gets what went.</param>
    public ImageIndex RemoveName(string name, Func<ImageRecord, bool> keeps, List<ImageRecord> removed)
    {
        var variants = VariantsOf(name).Select(variant => variant.Id).ToList();
        var images = WithoutName(name).Images;
        foreach (var variant in variants.Select(id => images[id]).Where(left => left is { Names: [], Variants: [] } && !keeps(left)))
        {
            images = images.Remove(variant.Id);
            removed.Add(variant);
        }

        return new ImageIndex(images, Lists.Remove(name));
    }

    /// <summary>Removes an image with all of its names, and variants as <see cref="RemoveName"/> does.</summary>
    public ImageIndex Remove(string id, Func<ImageRecord, bool> keeps, List<ImageRecord> removed)
    {
        var image = Images[id];
        removed.Add(image);
        var index = image.Names.Aggregate(this, (changed, name) => changed.RemoveName(name, keeps, removed));
        return new ImageIndex(index.Images.Remove(id), index.Lists);
    }

    /// <summary>All images that a name stands for, the one that bears it first.</summary>
    public IReadOnlyList<ImageRecord> PlatformsOf(string name) =>
        HolderOf(name) is { } holder ? [holder, .. VariantsOf(name)] : [];

    /// <summary>Of the images that a match stands for the one that suits a platform best; null when none does.</summary>
    public ImageRecord? Choose(ImageMatch match, ImagePlatform platform)
    {
        IEnumerable<ImageRecord> all = match switch
        {
            { Name: { } name } => PlatformsOf(name),
            { RepositoryDigest: { } digest } => Images.Values.Where(image => image.Digests.Contains(digest)),
            _ => [match.Image],
        };
        return all
            .Where(image => image.Platform is { } actual && !PlatformChoice.IsOther(platform, actual))
            .MinBy(image => PlatformChoice.Rank(platform, image.Platform!));
    }

    private static int Rank(ImageRecord image) =>
        image.Platform is { } platform ? PlatformChoice.Rank(PlatformChoice.Host, platform) : int.MaxValue;

    private ImageRecord? HolderOf(string name) => Images.Values.FirstOrDefault(image => image.Names.Contains(name));

    private IEnumerable<ImageRecord> VariantsOf(string name) =>
        Images.Values.Where(image => image.Variants.Contains(name)).OrderBy(Rank).ThenBy(image => image.Id, StringComparer.Ordinal);

    private ImageIndex Put(ImageRecord image, string? repositoryDigest, bool isListed)
    {
        var present = Images.GetValueOrDefault(image.Id);

        // A list that is here names the manifest that the image came with: one that it comes with elsewhere is no better.
        var keepsManifest = present is not null && !isListed && present.Names.Concat(present.Variants).Any(Lists.ContainsKey);
        var signed = image with { Signatures = present?.Signatures ?? [] };
        return Set(signed.WithSignatures(image.Signatures) with
        {
            Names = present?.Names ?? [],
            Variants = present?.Variants ?? [],
            Digests = Union(present?.Digests ?? [], repositoryDigest),
            Manifest = keepsManifest ? present!.Manifest : image.Manifest,
        });
    }

    private ImageIndex Give(string name, string id)
    {
        var image = Images[id];
        return Set(image with { Names = Union(image.Names, name), Variants = Without(image.Variants, name) });
    }

    private ImageIndex Lend(string name, string id)
    {
        var image = Images[id];
        return Set(image with { Names = Without(image.Names, name), Variants = Union(image.Variants, name) });
    }

    private static IReadOnlyList<string> Union(IReadOnlyList<string> present, string? added) =>
        added is null || present.Contains(added) ? present : [.. present, added];

    private static IReadOnlyList<string> Without(IReadOnlyList<string> present, string name) =>
        present.Contains(name) ? [.. present.Where(other => other != name)] : present;
}
