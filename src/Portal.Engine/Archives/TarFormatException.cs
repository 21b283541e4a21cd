namespace Portal.Engine.Archives;

/// <summary>An archive is malformed or breaks a bound. The message says how, in words that may be shown to users.</summary>
public sealed class TarFormatException : Exception
{
    /// <summary>Makes the failure.</summary>
    /// <param name="reason">What is wrong, as the rest of a sentence, without a full stop.</param>
    public TarFormatException(string reason)
        : base(reason)
    {
    }
}
