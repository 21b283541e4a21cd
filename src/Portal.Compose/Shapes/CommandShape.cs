using Portal.Compose.Nodes;

namespace Portal.Compose.Shapes;

/// <summary>A program with its arguments: a list, or one line that is split as a shell would. Nothing means that of the image.</summary>
internal sealed class CommandShape : Shape
{
    protected override ComposeNode? Normal(ComposeNode node, At at)
    {
        switch (node)
        {
            case ComposeScalar { IsNull: true }:
                return node;
            case ComposeScalar { Kind: ScalarKind.Text or ScalarKind.Interpolated } scalar:
                return ShellWords.Split(scalar.Text) is { } words
                    ? new ComposeList([.. words.Select(word => new ComposeScalar(word, ScalarKind.Text, scalar.Mark))], scalar.Mark)
                    : at.Error(node, "A quote is not closed here.");
            case ComposeList list:
                return Scalars.TextList.Apply(list, at);
            default:
                return at.Error(node, $"This must be a list or one line of text, not {WordFor(node)}.");
        }
    }
}
