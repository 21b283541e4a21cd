using System.Net;
using Grpc.Wire;

namespace Grpc.Net.Client.Internal;

/// <summary>The one request of a call, with its frame header.</summary>
internal sealed class UnaryRequestContent(FrameSerializationContext context) : HttpContent
{
    // The owner holds one use, and each sending another: a call may end, or the handler may send anew on another
    // connection, while bytes are still taken from the buffer, which must not be in the pool then.
    private int _uses = 1;
    private int _disposed;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? transportContext) =>
        SerializeToStreamAsync(stream, transportContext, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream,
        TransportContext? transportContext,
        CancellationToken cancellationToken)
    {
        if (!TryUse())
        {
            throw new OperationCanceledException("The call ended before its request was sent.");
        }

        try
        {
            await stream.WriteAsync(context.Frame, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            EndUse();
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            EndUse();
        }

        base.Dispose(disposing);
    }

    private bool TryUse()
    {
        var uses = Volatile.Read(ref _uses);
        while (uses > 0)
        {
            var seen = Interlocked.CompareExchange(ref _uses, uses + 1, uses);
            if (seen == uses)
            {
                return true;
            }

            uses = seen;
        }

        return false;
    }

    private void EndUse()
    {
        if (Interlocked.Decrement(ref _uses) == 0)
        {
            context.Dispose();
        }
    }
}
