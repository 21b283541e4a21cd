using System.Diagnostics.CodeAnalysis;
using Portal.Compose.Model;
using Portal.Compose.Problems;

namespace Portal.Compose.Loading;

/// <summary>What came of a project's files.</summary>
/// <param name="Project">Null when there is an error among the problems.</param>
/// <param name="Problems">Errors, warnings and notes, in the order in which they were found.</param>
public sealed record ComposeResult(ComposeProject? Project, IReadOnlyList<ComposeProblem> Problems)
{
    [MemberNotNullWhen(true, nameof(Project))]
    public bool IsRight => Project is not null;
}
