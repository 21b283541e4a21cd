namespace Portal.Engine.Builds.Dockerfiles.Instructions;

/// <summary>A program to run: words (exec form), or one text for the shell.</summary>
/// <param name="Words">The words; exactly one in shell form; none for an empty instruction.</param>
/// <param name="IsShell">True for the shell form.</param>
internal sealed record Command(IReadOnlyList<string> Words, bool IsShell);
