namespace Portal.Web.Nodes;

/// <summary>
/// Which nodes a list shows, as its address says it: a node's name, <c>env:NAME</c>, <c>label:KEY</c> or <c>label:KEY=VALUE</c>. No node's name has
/// a colon.
/// </summary>
public static class NodeSelection
{
    private const string EnvironmentPrefix = "env:";
    private const string LabelPrefix = "label:";

    public static string Environment(string name) => EnvironmentPrefix + name;

    public static string Label(KeyValuePair<string, string> label) => LabelPrefix + NodeLabels.TextOf(label);

    /// <summary>True for one of several nodes rather than one by its name.</summary>
    public static bool IsOfMany(string selection) => selection.Contains(':', StringComparison.Ordinal);

    /// <summary>Whether it is among them; all are when nothing is selected.</summary>
    public static bool Holds(string selection, NodeState node)
    {
        if (selection.StartsWith(EnvironmentPrefix, StringComparison.Ordinal))
        {
            return node.Environment?.Name == selection[EnvironmentPrefix.Length..];
        }

        if (!selection.StartsWith(LabelPrefix, StringComparison.Ordinal))
        {
            return selection.Length == 0 || node.Name == selection;
        }

        return selection[LabelPrefix.Length..].Split('=', 2) is [var key, var value]
            ? node.Labels.TryGetValue(key, out var found) && found == value
            : node.Labels.ContainsKey(selection[LabelPrefix.Length..]);
    }
}
