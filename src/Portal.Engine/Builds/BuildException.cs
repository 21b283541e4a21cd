using Portal.Engine.Errors;

namespace Portal.Engine.Builds;

/// <summary>A failure of a build that belongs to a line of its Dockerfile.</summary>
public class BuildException : EngineException
{
    internal BuildException(EngineErrorKind kind, string message, string file, int line, Exception? innerException = null)
        : base(kind, message, innerException)
    {
        File = file;
        Line = line;
    }

    /// <summary>The Dockerfile's name in the context; empty while it is not known.</summary>
    public string File { get; }

    /// <summary>From 1; 0 while it is not known.</summary>
    public int Line { get; }

    /// <summary>
    /// The line and some around it, each as <c>"  12 | RUN make"</c>, the line itself with a <c>></c> in front; empty where the text of the
    /// file is not at hand.
    /// </summary>
    public string Excerpt { get; internal set; } = "";
}
