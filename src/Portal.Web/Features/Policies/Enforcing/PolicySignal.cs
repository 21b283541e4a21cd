namespace Portal.Web.Features.Policies.Enforcing;

/// <summary>Wakes who sends policies to nodes when one has changed in this portal.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class PolicySignal : IDisposable
{
    private readonly SemaphoreSlim _changed = new(0, 1);

    public void Raise()
    {
        try
        {
            _changed.Release();
        }
        catch (SemaphoreFullException)
        {
            // It has been raised and not been seen yet.
        }
    }

    /// <summary>Waits for a change, or for the time.</summary>
    public Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken) => _changed.WaitAsync(atMost, cancellationToken);

    public void Dispose() => _changed.Dispose();
}
