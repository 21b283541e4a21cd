using Portal.Contracts.Images.V1;
using Portal.Engine.Images;

namespace Portal.Agent.Services;

/// <summary>Chooses the images that a prune is about, as <c>docker image prune</c> does with its filters.</summary>
internal static class ImagePruneSelection
{
    /// <param name="filter">The filter; null for images without names.</param>
    public static Func<ImageSummary, bool> Make(PruneFilter? filter)
    {
        filter ??= new PruneFilter();
        var until = filter.Until?.ToDateTimeOffset() ?? DateTimeOffset.MaxValue;
        return image => (filter.All || image.Names.Count == 0)
            && image.Created < until
            && filter.Labels.All(label => HasLabel(image.Labels, label))
            && !filter.ExcludedLabels.Any(label => HasLabel(image.Labels, label));
    }

    private static bool HasLabel(IReadOnlyDictionary<string, string> labels, string wanted)
    {
        var equals = wanted.IndexOf('=', StringComparison.Ordinal);
        return equals < 0
            ? labels.ContainsKey(wanted)
            : labels.TryGetValue(wanted[..equals], out var value) && value == wanted[(equals + 1)..];
    }
}
