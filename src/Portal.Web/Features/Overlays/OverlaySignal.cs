namespace Portal.Web.Features.Overlays;

/// <summary>Tells that somebody made or removed a network that spans nodes, in this portal; others find it within seconds.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class OverlaySignal
{
    private TaskCompletionSource _next = NewSignal();

    /// <summary>Ends with the next change. Take it before reading what may change.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    public void Set() => Interlocked.Exchange(ref _next, NewSignal()).TrySetResult();

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
