using System.IO.Pipelines;

namespace Portal.Engine.Api.Streams;

/// <summary>A writer whose bytes go nowhere once the connection was taken from its user: the head that Kestrel adds after a hijacked request.</summary>
internal sealed class DetachableWriter(PipeWriter inner) : PipeWriter
{
    private byte[]? _nowhere;

    public void Detach() => _nowhere = new byte[4096];

    public override bool CanGetUnflushedBytes => _nowhere is not null || inner.CanGetUnflushedBytes;

    public override long UnflushedBytes => _nowhere is not null ? 0 : inner.UnflushedBytes;

    public override Memory<byte> GetMemory(int sizeHint = 0) => _nowhere is null ? inner.GetMemory(sizeHint) : Nowhere(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => _nowhere is null ? inner.GetSpan(sizeHint) : Nowhere(sizeHint);

    public override void Advance(int bytes)
    {
        if (_nowhere is null)
        {
            inner.Advance(bytes);
        }
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        return _nowhere is null
            ? inner.FlushAsync(cancellationToken)
            : new(new FlushResult(isCanceled: false, isCompleted: false));
    }

    public override void CancelPendingFlush()
    {
        if (_nowhere is null)
        {
            inner.CancelPendingFlush();
        }
    }

    public override void Complete(Exception? exception = null)
    {
        if (_nowhere is null)
        {
            inner.Complete(exception);
        }
    }

    private byte[] Nowhere(int sizeHint)
    {
        if (sizeHint > _nowhere!.Length)
        {
            _nowhere = new byte[sizeHint];
        }

        return _nowhere;
    }
}
