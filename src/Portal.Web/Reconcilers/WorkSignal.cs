namespace Portal.Web.Reconcilers;

/// <summary>Wakes this portal's worker of a queue; those of other portals look by themselves.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal abstract class WorkSignal : IDisposable
{
    private readonly SemaphoreSlim _set = new(0, 1);

    public void Set()
    {
        try
        {
            _set.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is set.
        }
    }

    /// <summary>Waits until it is set, or so long.</summary>
    public Task WaitAsync(TimeSpan most, CancellationToken cancellationToken) => _set.WaitAsync(most, cancellationToken);

    public void Dispose() => _set.Dispose();
}
