namespace Portal.Engine.Content;

/// <summary>Holds one blob against collection, and another in its place when told to. Any thread.</summary>
internal sealed class HeldBlob(ContentLeases leases) : IDisposable
{
    private readonly Lock _gate = new();
    private ContentLease? _lease;
    private bool _isDisposed;

    /// <summary>Holds this one from now on. Does nothing once disposed.</summary>
    public void Set(Digest blob)
    {
        var next = leases.Begin();
        next.Hold(blob);
        lock (_gate)
        {
            if (!_isDisposed)
            {
                (_lease, next) = (next, _lease);
            }
        }

        next?.Dispose();
    }

    public void Dispose()
    {
        ContentLease? last;
        lock (_gate)
        {
            (last, _lease, _isDisposed) = (_lease, null, true);
        }

        last?.Dispose();
    }
}
