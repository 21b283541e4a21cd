using System.IO.Pipelines;

namespace Portal.Web.Features.Docker.Connections;

/// <summary>A writer whose bytes go nowhere once the connection was taken from its user: the answer that the server adds by itself.</summary>
internal sealed class TakeableWriter(PipeWriter inner) : PipeWriter
{
    private byte[] _nowhere = [];

    public bool IsTaken { get; set; }

    public override bool CanGetUnflushedBytes => IsTaken || inner.CanGetUnflushedBytes;

    public override long UnflushedBytes => IsTaken ? 0 : inner.UnflushedBytes;

    public override Memory<byte> GetMemory(int sizeHint = 0) => IsTaken ? Nowhere(sizeHint) : inner.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => IsTaken ? Nowhere(sizeHint) : inner.GetSpan(sizeHint);

    public override void Advance(int bytes)
    {
        if (!IsTaken)
        {
            inner.Advance(bytes);
        }
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
        IsTaken ? new(new FlushResult(isCanceled: false, isCompleted: false)) : inner.FlushAsync(cancellationToken);

    public override void CancelPendingFlush()
    {
        if (!IsTaken)
        {
            inner.CancelPendingFlush();
        }
    }

    public override void Complete(Exception? exception = null)
    {
        if (!IsTaken)
        {
            inner.Complete(exception);
        }
    }

    private byte[] Nowhere(int sizeHint) =>
        _nowhere.Length >= Math.Max(sizeHint, 4096) ? _nowhere : _nowhere = new byte[Math.Max(sizeHint, 4096)];
}
