using Portal.Compose.Nodes;
using Portal.Compose.Problems;

namespace Portal.Compose.Shapes;

/// <summary>Where a shape is applied.</summary>
/// <param name="Path">The key, as <c>services.web.ports[0]</c>.</param>
/// <param name="Folder">What relative paths are relative to, itself relative to the project's folder.</param>
internal sealed record At(string Path, string Folder, ProblemList Problems, ShapeBudget Budget)
{
    public At Key(string name) => this with { Path = Path.Length == 0 ? name : $"{Path}.{name}" };

    public At Index(int index) => this with { Path = $"{Path}[{index}]" };

    public ComposeNode? Error(ComposeNode node, string message)
    {
        Problems.Error(node.Mark, Path, message);
        return null;
    }

    public string? ErrorText(ComposeNode node, string message)
    {
        Problems.Error(node.Mark, Path, message);
        return null;
    }
}
