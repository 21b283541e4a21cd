namespace Portal.Engine.Errors;

/// <summary>
/// The failure of an engine operation. <see cref="Exception.Message"/> is written for the user: it says what was tried,
/// on what, why it failed and what helps. What only an engineer can use is in <see cref="Exception.InnerException"/>.
/// </summary>
public class EngineException : Exception
{
    /// <summary>Makes a failure of the given kind.</summary>
    /// <param name="kind">How the operation failed.</param>
    /// <param name="message">What was tried, on what, why it failed, what helps. Shown to users.</param>
    /// <param name="innerException">The cause, for the log.</param>
    public EngineException(EngineErrorKind kind, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Kind = kind;
    }

    /// <summary>How the operation failed.</summary>
    public EngineErrorKind Kind { get; }

    /// <summary>A failure of kind <see cref="EngineErrorKind.NotFound"/>.</summary>
    public static EngineException NotFound(string message) => new(EngineErrorKind.NotFound, message);

    /// <summary>A failure of kind <see cref="EngineErrorKind.InvalidArgument"/>.</summary>
    public static EngineException InvalidArgument(string message) => new(EngineErrorKind.InvalidArgument, message);

    /// <summary>A failure of kind <see cref="EngineErrorKind.Conflict"/>.</summary>
    public static EngineException Conflict(string message) => new(EngineErrorKind.Conflict, message);
}
