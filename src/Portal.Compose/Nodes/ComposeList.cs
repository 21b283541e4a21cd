namespace Portal.Compose.Nodes;

/// <summary>Values in an order.</summary>
public sealed class ComposeList(IReadOnlyList<ComposeNode> items, Mark mark, NodeTag tag = NodeTag.None)
    : ComposeNode(mark, tag, NodeSizes.Of(items))
{
    public IReadOnlyList<ComposeNode> Items { get; } = items;

    internal override ComposeList WithTag(NodeTag tag) => new(Items, Mark, tag);
}
