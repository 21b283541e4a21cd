using System.IO.Pipelines;

namespace Portal.Web.Features.Docker.Connections;

/// <summary>A reader that is at its end once the connection was taken from its user.</summary>
internal sealed class TakeableReader(PipeReader inner) : PipeReader
{
    private static readonly ReadResult s_ended = new(default, isCanceled: false, isCompleted: true);

    public bool IsTaken { get; set; }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
        IsTaken ? new(s_ended) : inner.ReadAsync(cancellationToken);

    public override bool TryRead(out ReadResult result)
    {
        result = s_ended;
        return IsTaken || inner.TryRead(out result);
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (!IsTaken)
        {
            inner.AdvanceTo(consumed, examined);
        }
    }

    public override void CancelPendingRead()
    {
        if (!IsTaken)
        {
            inner.CancelPendingRead();
        }
    }

    public override void Complete(Exception? exception = null)
    {
        if (!IsTaken)
        {
            inner.Complete(exception);
        }
    }
}
