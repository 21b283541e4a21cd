using Portal.Compose.Nodes;

namespace Portal.Compose.Shapes;

/// <summary>Whatever it is, it stays.</summary>
internal sealed class AnyShape : Shape
{
    protected override ComposeNode Normal(ComposeNode node, At at) => node;
}
