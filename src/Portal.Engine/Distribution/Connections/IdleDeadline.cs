namespace Portal.Engine.Distribution.Connections;

/// <summary>A token that is cancelled by the caller's, or when nothing came for a while.</summary>
internal sealed class IdleDeadline : IDisposable
{
    private readonly TimeSpan _timeout;
    private readonly CancellationTokenSource _source;

    public IdleDeadline(TimeSpan timeout, CancellationToken cancellationToken)
    {
        _timeout = timeout;
        _source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Extend();
    }

    public CancellationToken Token => _source.Token;

    public void Extend() => _source.CancelAfter(_timeout);

    public void Suspend() => _source.CancelAfter(Timeout.InfiniteTimeSpan);

    public void Dispose() => _source.Dispose();
}
