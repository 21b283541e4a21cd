using Portal.Compose.Completion;
using Portal.Compose.Nodes;

namespace Portal.Compose.Shapes;

/// <summary>Values in an order.</summary>
/// <param name="single">One value alone is a list of it.</param>
/// <param name="expand">Writes a scalar out as what it is short for, before the item's shape is applied.</param>
internal sealed class ListShape(Shape item, bool single = false, Func<ComposeScalar, At, IEnumerable<ComposeNode>?>? expand = null) : Shape
{
    public override ShapeForm Form => single ? ShapeForm.Value : ShapeForm.List;

    public override IEnumerable<string> Words => single ? item.Words : [];

    public override IEnumerable<Shape> Inside(string name) => name == ComposeCompletion.Item ? [item] : [];

    protected override ComposeNode? Normal(ComposeNode node, At at)
    {
        if (single && node is ComposeScalar { IsNull: false })
        {
            return new ComposeList([.. Items(node, at)], node.Mark);
        }

        return node is ComposeList list
            ? new ComposeList([.. list.Items.SelectMany((value, index) => Items(value, at.Index(index)))], list.Mark)
            : at.Error(node, $"This must be a list, not {WordFor(node)}.");
    }

    private IEnumerable<ComposeNode> Items(ComposeNode value, At at)
    {
        if (value.Tag == NodeTag.Reset)
        {
            return [];
        }

        var written = expand is not null && value is ComposeScalar { IsNull: false } scalar ? expand(scalar, at) ?? [] : [value];
        return written.Select(part => item.Apply(part, at)).OfType<ComposeNode>();
    }
}
