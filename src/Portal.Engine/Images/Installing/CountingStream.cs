using Portal.Engine.Content;

namespace Portal.Engine.Images.Installing;

/// <summary>Tells how many bytes were read so far. Owns the stream beneath.</summary>
internal sealed class CountingStream(Stream inner, Action<long> onRead) : ReadOnlyStream
{
    private long _count;

    public override long Position
    {
        get => _count;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Count(inner.Read(buffer, offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Count(await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Count(int read)
    {
        _count += read;
        onRead(_count);
        return read;
    }
}
