using Portal.Compose.Nodes;

namespace Portal.Compose.Problems;

/// <summary>What is to be said of one place of a Compose file.</summary>
/// <param name="Key">As <c>services.web.ports[0]</c>; empty for the whole file.</param>
public sealed record ComposeProblem(ComposeSeverity Severity, Mark Mark, string Key, string Message)
{
    public override string ToString() =>
        Key.Length > 0 ? $"{Mark.File}:{Mark.Line}:{Mark.Column}: {Key}: {Message}" : $"{Mark.File}:{Mark.Line}:{Mark.Column}: {Message}";
}
