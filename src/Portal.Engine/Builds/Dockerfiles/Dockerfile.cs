using Portal.Engine.Builds.Dockerfiles.Instructions;
using Portal.Engine.Builds.Dockerfiles.Syntax;

namespace Portal.Engine.Builds.Dockerfiles;

/// <summary>A parsed Dockerfile.</summary>
/// <param name="File">Its name, for messages.</param>
/// <param name="Directives">What stands at its head.</param>
/// <param name="Lines">Its text, for messages.</param>
/// <param name="Instructions">All instructions in order; the first other than <c>ARG</c> is a <c>FROM</c>.</param>
internal sealed record Dockerfile(
    string File, ParserDirectives Directives, IReadOnlyList<string> Lines, IReadOnlyList<Instruction> Instructions);
