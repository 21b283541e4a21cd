using Portal.Engine.Content;
using Portal.Engine.Distribution.Connections;
using Portal.Engine.Errors;

namespace Portal.Engine.Images.Importing;

/// <summary>The body of an answer, which must go on coming. Owns the answer.</summary>
internal sealed class DownloadedStream(
    HttpResponseMessage response, Stream body, TimeSpan patience, Func<Exception, EngineException> explain) : ReadOnlyStream
{
    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var deadline = new IdleDeadline(patience, cancellationToken);
        try
        {
            return await body.ReadAsync(buffer, deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw explain(failure);
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException)
        {
            throw explain(failure);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            body.Dispose();
            response.Dispose();
        }

        base.Dispose(disposing);
    }
}
