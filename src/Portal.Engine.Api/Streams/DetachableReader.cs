using System.IO.Pipelines;

namespace Portal.Engine.Api.Streams;

/// <summary>A reader that is at its end once the connection was taken from its user.</summary>
internal sealed class DetachableReader(PipeReader inner) : PipeReader
{
    private bool _detached;

    public void Detach() => _detached = true;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        return _detached ? new(Ended) : inner.ReadAsync(cancellationToken);
    }

    public override bool TryRead(out ReadResult result)
    {
        if (_detached)
        {
            result = Ended;
            return true;
        }

        return inner.TryRead(out result);
    }

    public override void AdvanceTo(SequencePosition consumed)
    {
        if (!_detached)
        {
            inner.AdvanceTo(consumed);
        }
    }

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (!_detached)
        {
            inner.AdvanceTo(consumed, examined);
        }
    }

    public override void CancelPendingRead()
    {
        if (!_detached)
        {
            inner.CancelPendingRead();
        }
    }

    public override void Complete(Exception? exception = null)
    {
        if (!_detached)
        {
            inner.Complete(exception);
        }
    }

    private static ReadResult Ended => new(default, isCanceled: false, isCompleted: true);
}
