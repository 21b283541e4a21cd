using Portal.Data.Streams;

namespace Portal.Web.Backups.S3;

/// <summary>The body of an answer, which ends with it.</summary>
internal sealed class S3Download(HttpResponseMessage response, Stream body) : ReadOnlyStream
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await body.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception failure) when (failure is HttpRequestException or HttpIOException)
        {
            throw new S3Exception(N("The storage broke off in the middle of an object. Try it again."), failure);
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
