using Portal.Engine.Errors;

namespace Portal.Engine.Builds.Dockerfiles.Syntax;

/// <summary>The words of every error about a Dockerfile: which file, which line, what is wrong.</summary>
internal static class DockerfileErrors
{
    public static EngineException At(string file, int line, string problem, Exception? cause = null) =>
        new(EngineErrorKind.InvalidArgument, $"{file}:{line}: dockerfile parse error: {problem}", cause);

    public static EngineException Of(string file, string problem) =>
        EngineException.InvalidArgument($"{file}: dockerfile parse error: {problem}");
}
