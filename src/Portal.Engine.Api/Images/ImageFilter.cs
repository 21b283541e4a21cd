using System.IO.Enumeration;
using Portal.Engine.Api.Routing;
using Portal.Engine.Images;

namespace Portal.Engine.Api.Images;

/// <summary>The filters of <c>docker images</c>.</summary>
internal sealed class ImageFilter
{
    private readonly DockerFilters _filters;
    private readonly bool? _dangling;
    // Null where not asked for: an image may well say that it was made at the beginning of time.
    private DateTimeOffset? _before;
    private DateTimeOffset? _since;
    private DateTimeOffset _until = DateTimeOffset.MaxValue;

    private ImageFilter(DockerFilters filters)
    {
        _filters = filters;
        _dangling = filters.Flag("dangling");
    }

    /// <summary>What may be filtered by.</summary>
    public static ReadOnlySpan<string> Names => new[] { "before", "dangling", "label", "reference", "since", "until" };

    public static async Task<ImageFilter> MakeAsync(
        DockerFilters filters, IImages images, TimeProvider clock, CancellationToken cancellationToken)
    {
        var filter = new ImageFilter(filters) { _until = UntilFilter.Read(filters, clock) };
        if (filters.Values("before") is [var before, ..])
        {
            filter._before = (await images.InspectAsync(before, cancellationToken).ConfigureAwait(false)).Created;
        }

        if (filters.Values("since") is [var since, ..])
        {
            filter._since = (await images.InspectAsync(since, cancellationToken).ConfigureAwait(false)).Created;
        }

        return filter;
    }

    /// <summary>The image with the names that fit, or null when it does not.</summary>
    public ImageSummary? Apply(ImageSummary image)
    {
        if ((_dangling is { } dangling && dangling != (image.Names.Count == 0))
            || !_filters.AllowsLabels(image.Labels)
            || image.Created >= _before
            || image.Created <= _since
            || image.Created >= _until)
        {
            return null;
        }

        var patterns = _filters.Values("reference");
        if (patterns.Count == 0)
        {
            return image;
        }

        var names = image.Names.Where(name => patterns.Any(pattern => Fits(name, pattern))).ToList();
        var digests = image.Digests.Where(name => patterns.Any(pattern => Fits(name, pattern))).ToList();
        return names.Count + digests.Count == 0 ? null : image with { Names = names, Digests = digests };
    }

    /// <summary>Docker's <c>reference</c>: a pattern over the name, with or without its tag; a star stays within one part of a path.</summary>
    private static bool Fits(string name, string pattern)
    {
        return Matches(name, pattern) || Matches(ImageNames.Repository(name), pattern);
    }

    private static bool Matches(string name, string pattern)
    {
        var parts = name.Split('/');
        var patterns = pattern.Split('/');
        if (parts.Length != patterns.Length)
        {
            return false;
        }

        for (var index = 0; index < parts.Length; index++)
        {
            if (!FileSystemName.MatchesSimpleExpression(patterns[index], parts[index], ignoreCase: false))
            {
                return false;
            }
        }

        return true;
    }
}
