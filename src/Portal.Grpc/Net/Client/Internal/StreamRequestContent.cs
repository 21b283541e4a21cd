using System.Net;

namespace Grpc.Net.Client.Internal;

/// <summary>The requests of a call as they come: hands out the stream to write them to, until they are complete.</summary>
internal sealed class StreamRequestContent : HttpContent
{
    private readonly TaskCompletionSource<Stream> _stream = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The stream, once the request was begun.</summary>
    public Task<Stream> StreamTask => _stream.Task;

    /// <summary>Says that no more requests follow.</summary>
    public void Complete() => _complete.TrySetResult();

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream,
        TransportContext? context,
        CancellationToken cancellationToken)
    {
        // The server may answer before the first request: let the headers go at once.
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        if (!_stream.TrySetResult(stream))
        {
            throw new IOException("The connection was lost; a stream of requests cannot be sent anew.");
        }

        await _complete.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            // The call ended. Requests that were not complete by then never will be: the stream is reset.
            _stream.TrySetCanceled();
            _complete.TrySetCanceled();
        }

        base.Dispose(disposing);
    }
}
