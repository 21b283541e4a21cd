using Portal.Engine.Errors;

namespace Portal.Engine.Storage;

/// <summary>Tells a full disk from other failures, so that users learn what to do.</summary>
public static class DiskErrors
{
    /// <summary>What users are told where nothing closer to what they tried said it.</summary>
    public const string Advice =
        "The engine's disk is full. Remove images, containers or volumes that are not needed and try again.";

    // .NET puts errno(3) of Linux into HResult: ENOSPC, EDQUOT.
    private const int NoSpace = 28;
    private const int QuotaExceeded = 122;

    /// <summary>True for a failure of the kernel's that means a full disk, or a quota that is used up (errno(3)).</summary>
    public static bool IsFull(Exception exception) => exception is IOException { HResult: NoSpace or QuotaExceeded };

    /// <summary>The same as a failure of kind <see cref="EngineErrorKind.Unavailable"/> that says what was tried.</summary>
    /// <param name="what">What was tried, as the beginning of a sentence.</param>
    /// <param name="cause">The failure.</param>
    public static EngineException Full(string what, Exception cause)
    {
        return new EngineException(
            EngineErrorKind.Unavailable,
            $"{what} failed because the disk is full. Remove images or containers and try again.",
            cause);
    }
}
