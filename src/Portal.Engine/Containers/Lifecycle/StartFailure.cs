using Portal.Engine.Errors;

namespace Portal.Engine.Containers.Lifecycle;

/// <summary>Docker's exit codes for a container that could not be started, which shells know: 127, 126, else 128.</summary>
internal static class StartFailure
{
    private const int NotFound = 127;
    private const int NotExecutable = 126;
    private const int Other = 128;

    private static readonly string[] s_notFound =
        ["executable file not found", "no such file or directory", "not a directory"];

    private static readonly string[] s_notExecutable = ["permission denied", "is a directory", "exec format error"];

    public static int ExitCode(Exception failure)
    {
        // Only a failure that the runtime puts down to the request is about the program; others may hold these words too.
        if (failure is not EngineException { Kind: EngineErrorKind.InvalidArgument })
        {
            return Other;
        }

        var text = failure.Message;
        return s_notFound.Any(words => text.Contains(words, StringComparison.OrdinalIgnoreCase)) ? NotFound
            : s_notExecutable.Any(words => text.Contains(words, StringComparison.OrdinalIgnoreCase)) ? NotExecutable
            : Other;
    }
}
