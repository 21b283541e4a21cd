namespace Portal.Compose.Editing;

/// <summary>A text is nothing that could be edited in parts.</summary>
internal sealed class TextTreeException(TextProblemKind kind, int line, string detail) : Exception(detail)
{
    public TextProblem Problem { get; } = new(kind, line, detail);
}
