using Portal.Compose.Nodes;

namespace Portal.Compose.Shapes;

/// <summary>One value.</summary>
/// <param name="words">What it must be, to be told.</param>
/// <param name="kind">Of the normal form.</param>
/// <param name="read">The normal text, or null when it is no such value.</param>
/// <param name="takes">Kinds that may be read; others are told apart before.</param>
internal sealed class ScalarShape(string words, ScalarKind kind, Func<string, string?> read, params ScalarKind[] takes) : Shape
{
    /// <summary>Of those that it takes, the ones worth offering.</summary>
    public IReadOnlyList<string> Offered { get; init; } = [];

    public override IEnumerable<string> Words => Offered;

    protected override ComposeNode? Normal(ComposeNode node, At at)
    {
        if (node is not ComposeScalar scalar || (scalar.Kind != ScalarKind.Interpolated && !takes.Contains(scalar.Kind)))
        {
            var hint = node is ComposeScalar { IsNull: false } && takes.Contains(ScalarKind.Text) ? "; put it in quotes" : "";
            return at.Error(node, $"This must be {words}, not {WordFor(node)}{hint}.");
        }

        return read(scalar.Text) is { } text
            ? new ComposeScalar(text, kind, scalar.Mark)
            : at.Error(node, $"'{Shortened(scalar.Text)}' is not {words}.");
    }

    private static string Shortened(string text) => text.Length > 80 ? text[..77] + "..." : text;
}
