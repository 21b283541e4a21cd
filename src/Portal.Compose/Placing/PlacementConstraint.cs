namespace Portal.Compose.Placing;

/// <summary>What <c>deploy.placement.constraints</c> asks of a node: <c>node.labels.disk==ssd</c>.</summary>
public sealed record PlacementConstraint(string Key, bool IsEqual, string Value)
{
    private const string Labels = "node.labels.";

    /// <summary>Reads one; the loader has seen that there is <c>==</c> or <c>!=</c> in it.</summary>
    public static PlacementConstraint Parse(string text)
    {
        var (equal, other) = (text.IndexOf("==", StringComparison.Ordinal), text.IndexOf("!=", StringComparison.Ordinal));
        var isEqual = equal >= 0 && (other < 0 || equal < other);
        var parts = text.Split(isEqual ? "==" : "!=", 2, StringSplitOptions.TrimEntries);
        return new PlacementConstraint(parts[0], isEqual, parts[1]);
    }

    /// <summary>
    /// Whether it holds on a node. Nodes here have no roles: what asks for managers or workers is written for swarms, and holds
    /// everywhere.
    /// </summary>
    public bool Holds(PlacementNode node) =>
        Key == "node.role" || string.Equals(ValueOn(node), Value, StringComparison.Ordinal) == IsEqual;

    /// <summary>What the node has there; null where it has nothing.</summary>
    public string? ValueOn(PlacementNode node) => Key switch
    {
        "node.hostname" => node.Name,
        "node.id" => $"{node.Id}",
        _ when Key.StartsWith(Labels, StringComparison.Ordinal) => node.Labels.GetValueOrDefault(Key[Labels.Length..]),
        _ => null,
    };

    public override string ToString() => $"{Key}{(IsEqual ? "==" : "!=")}{Value}";
}
