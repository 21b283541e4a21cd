using Google.Protobuf.WellKnownTypes;
using Portal.Contracts.Images.V1;

namespace Portal.Web.Features.Images.Dialogs;

/// <summary>What the form of a prune says.</summary>
public sealed class PruneSettings
{
    /// <summary>True for all images without a container, false for those without a name.</summary>
    public bool All { get; set; }

    /// <summary>Only images that were built at least so many hours ago; 0 for any.</summary>
    public int OlderThanHours { get; set; }

    /// <summary>Only images with these labels: <c>key</c> or <c>key=value</c>, with blanks or commas between.</summary>
    public string Labels { get; set; } = "";

    /// <summary>No images with any of these.</summary>
    public string ExcludedLabels { get; set; } = "";

    /// <summary>As a node is asked.</summary>
    public PruneFilter ToFilter(DateTimeOffset now)
    {
        var filter = new PruneFilter { All = All };
        if (OlderThanHours > 0)
        {
            filter.Until = now.AddHours(-OlderThanHours).ToTimestamp();
        }

        filter.Labels.AddRange(Split(Labels));
        filter.ExcludedLabels.AddRange(Split(ExcludedLabels));
        return filter;
    }

    private static string[] Split(string labels) =>
        labels.Split([' ', ',', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
