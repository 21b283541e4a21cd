namespace Portal.Engine.Builds.Dockerfiles.Syntax;

/// <summary>An instruction as it stands in the file: continued lines joined, comments gone.</summary>
/// <param name="Text">The joined text, without a line end.</param>
/// <param name="Start">Its first line, from 1.</param>
/// <param name="End">Its last line, here-documents included.</param>
/// <param name="HereDocuments">What follows it, in order.</param>
internal sealed record DockerfileLine(string Text, int Start, int End, IReadOnlyList<HereDocument> HereDocuments);
