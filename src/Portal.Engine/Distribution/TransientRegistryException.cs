namespace Portal.Engine.Distribution;

/// <summary>A failure that may pass: the connection broke, or the registry asks to come again.</summary>
internal sealed class TransientRegistryException(string reason, TimeSpan? retryAfter = null, Exception? cause = null, bool isLimit = false)
    : Exception(reason, cause)
{
    /// <summary>Whether the registry asks to come less often (429).</summary>
    public bool IsLimit { get; } = isLimit;

    /// <summary>How long the registry asks to wait.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
