namespace Portal.Compose.Editing;

/// <summary>What a file is to say after a change.</summary>
internal static class Trees
{
    public static TextNode With(TextNode root, IReadOnlyList<PathStep> path, TextNode value) => At(root, path, 0, _ => value);

    public static TextNode WithItem(TextNode root, IReadOnlyList<PathStep> path, TextNode item) =>
        At(root, path, 0, list => list with { Items = [.. list.Items, item] });

    public static TextNode WithEntry(TextNode root, IReadOnlyList<PathStep> path, TextEntry entry) =>
        At(root, path, 0, map => map with { Entries = [.. map.Entries, entry] });

    public static TextNode WithKey(TextNode root, IReadOnlyList<PathStep> path, TextNode key) =>
        At(root, [.. path.SkipLast(1)], 0, map => map with
        {
            Entries = [.. map.Entries.Select(entry => entry.Key.Value == path[^1].Key ? entry with { Key = key } : entry)],
        });

    /// <summary>Without a value; a collection in block style that nothing is left in is nothing.</summary>
    public static TextNode Without(TextNode root, IReadOnlyList<PathStep> path) =>
        At(root, [.. path.SkipLast(1)], 0, parent =>
        {
            var left = path[^1].Key is { } key
                ? parent with { Entries = [.. parent.Entries.Where(entry => entry.Key.Value != key)] }
                : parent with { Items = [.. parent.Items.Where((_, index) => index != path[^1].Index)] };
            return left.IsFlow || left.Items.Count + left.Entries.Count > 0 ? left : TextNode.Nothing;
        });

    private static TextNode At(TextNode node, IReadOnlyList<PathStep> path, int step, Func<TextNode, TextNode> change)
    {
        if (step == path.Count)
        {
            return change(node);
        }

        return path[step].Key is { } key
            ? node with
            {
                Entries = [.. node.Entries.Select(entry =>
                    entry.Key.Value == key ? entry with { Value = At(entry.Value, path, step + 1, change) } : entry)],
            }
            : node with
            {
                Items = [.. node.Items.Select((item, index) => index == path[step].Index ? At(item, path, step + 1, change) : item)],
            };
    }
}
