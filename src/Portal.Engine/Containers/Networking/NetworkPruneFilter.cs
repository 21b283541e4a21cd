namespace Portal.Engine.Containers.Networking;

/// <summary>Which of the networks that nobody uses to remove. All conditions must hold.</summary>
public sealed record NetworkPruneFilter
{
    /// <summary>Only networks that were made before this; null for any.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Only networks with all of these labels: <c>key</c> or <c>key=value</c>.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Only networks with none of these labels: <c>key</c> or <c>key=value</c>.</summary>
    public IReadOnlyList<string> ExcludedLabels { get; init; } = [];

    internal bool Allows(NetworkListing listing)
    {
        var network = listing.Network;
        return listing.IsDangling
            && (Until is null || network.Created < Until)
            && Labels.All(label => LabelMatch.IsIn(network.Labels, label))
            && !ExcludedLabels.Any(label => LabelMatch.IsIn(network.Labels, label));
    }
}
