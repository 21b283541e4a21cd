namespace Portal.Engine.Logs.Forwarding;

/// <summary>
/// A place that lines of one container are sent to. It connects by itself, and anew after a failure; whoever sends tries again what failed.
/// </summary>
/// <remarks>One for each container; one call at a time.</remarks>
internal interface ILogSink : IAsyncDisposable
{
    /// <summary>Connects now, to see whether the receiver is there.</summary>
    /// <exception cref="IOException">It is not.</exception>
    Task ConnectAsync(CancellationToken cancellationToken);

    /// <summary>Sends one line. When it returns, the line is with the receiver, as far as its protocol tells.</summary>
    /// <exception cref="IOException">It could not be sent, or not wholly.</exception>
    Task SendAsync(LogMessage message, CancellationToken cancellationToken);
}
