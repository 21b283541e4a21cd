using Portal.Engine.Errors;

namespace Portal.Engine.Storage;

/// <summary>Tells a full disk from other failures, so that users learn what to do.</summary>
internal static class DiskErrors
{
    // .NET puts errno(3) of Linux into HResult: ENOSPC, EDQUOT.
    private const int NoSpace = 28;
    private const int QuotaExceeded = 122;

    public static bool IsFull(Exception exception) => exception is IOException { HResult: NoSpace or QuotaExceeded };

    public static EngineException Full(string what, Exception cause)
    {
        return new EngineException(
            EngineErrorKind.Unavailable,
            $"{what} failed because the disk is full. Remove images or containers and try again.",
            cause);
    }
}
