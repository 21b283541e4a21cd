using Portal.Engine.Errors;

namespace Portal.Engine.Builds;

/// <summary>A <c>RUN</c> whose program ended with another code than 0.</summary>
public sealed class BuildStepException : EngineException
{
    internal BuildStepException(int exitCode, string message)
        : base(EngineErrorKind.InvalidArgument, message)
    {
        ExitCode = exitCode;
    }

    /// <summary>The program's exit code.</summary>
    public int ExitCode { get; }
}
