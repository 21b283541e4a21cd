using System.Collections.Frozen;
using Portal.Contracts.Hubs;

namespace Portal.Web.Features.Updates;

/// <summary>Says of each container whether its registry has a newer image under the same tag.</summary>
/// <remarks>Singleton; any thread. One immutable picture, replaced as a whole by <see cref="Checking.ImageCheckWorker"/>. Whoever shows it to a
/// person shows it of containers alone that the person may see.</remarks>
public sealed class ImageUpdates
{
    private volatile Picture _picture = Picture.Empty;

    /// <summary>Grows when some container's answer may be another.</summary>
    public long Version => _picture.Version;

    /// <summary>How a container's image stands.</summary>
    public ImageUpdate Of(Guid nodeId, ContainerView container)
    {
        var picture = _picture;
        if (!picture.Tags.TryGetValue(container.Image, out var tag))
        {
            return ImageUpdate.Unknown;
        }

        var state = tag.Digest.Length == 0 || !picture.Local.TryGetValue((nodeId, container.ImageId), out var digests) ? UpdateState.Unknown
            : digests.Contains($"{tag.Repository}@{tag.Digest}") ? UpdateState.Current
            : digests.Any(digest => digest.StartsWith(tag.Repository + "@", StringComparison.Ordinal)) ? UpdateState.Available
            : UpdateState.Unknown;
        return new ImageUpdate(state, tag.Digest, tag.CheckedAt, tag.Error);
    }

    /// <summary>Takes another picture in.</summary>
    /// <param name="tags">By the image's name as a container has it.</param>
    /// <param name="local">By node and image id: the digests by which it came, as <c>registry/repository@digest</c>.</param>
    internal void Show(FrozenDictionary<string, Tag> tags, FrozenDictionary<(Guid NodeId, string ImageId), FrozenSet<string>> local)
    {
        var before = _picture;
        var isSame = IsSame(before.Tags, tags, (one, other) => one with { CheckedAt = null } == other with { CheckedAt = null })
            && IsSame(before.Local, local, (one, other) => one.SetEquals(other));
        _picture = new Picture(isSame ? before.Version : before.Version + 1, tags, local);
    }

    private static bool IsSame<TKey, TValue>(
        FrozenDictionary<TKey, TValue> one, FrozenDictionary<TKey, TValue> other, Func<TValue, TValue, bool> equal)
        where TKey : notnull =>
        one.Count == other.Count && one.All(pair => other.TryGetValue(pair.Key, out var value) && equal(pair.Value, value));

    /// <summary>What is known of a tag of a repository, <c>registry/repository</c> in full.</summary>
    internal sealed record Tag(string Repository, string Digest, DateTimeOffset? CheckedAt, string Error);

    private sealed record Picture(
        long Version, FrozenDictionary<string, Tag> Tags, FrozenDictionary<(Guid NodeId, string ImageId), FrozenSet<string>> Local)
    {
        public static Picture Empty { get; } = new(
            0, FrozenDictionary<string, Tag>.Empty, FrozenDictionary<(Guid NodeId, string ImageId), FrozenSet<string>>.Empty);
    }
}
