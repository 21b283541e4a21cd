using Portal.Engine.Errors;

namespace Portal.Engine.Builds;

/// <summary>A <c>RUN</c> whose program ended with another code than 0.</summary>
public sealed class BuildStepException : BuildException
{
    internal BuildStepException(int exitCode, string message, string file = "", int line = 0)
        : base(EngineErrorKind.InvalidArgument, message, file, line)
    {
        ExitCode = exitCode;
    }

    /// <summary>The program's exit code.</summary>
    public int ExitCode { get; }
}
