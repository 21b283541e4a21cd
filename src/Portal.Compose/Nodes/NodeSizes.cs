namespace Portal.Compose.Nodes;

internal static class NodeSizes
{
    /// <summary>One more than all of them; a size that no counter holds is as large as one that it does.</summary>
    public static int Of(IEnumerable<ComposeNode> nodes)
    {
        var size = 1L;
        foreach (var node in nodes)
        {
            size += node.Size;
        }

        return (int)Math.Min(size, int.MaxValue);
    }
}
