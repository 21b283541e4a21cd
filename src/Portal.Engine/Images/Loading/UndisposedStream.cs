using Portal.Engine.Content;

namespace Portal.Engine.Images.Loading;

/// <summary>Passes reads on and leaves the stream beneath open.</summary>
internal sealed class UndisposedStream(Stream inner) : ReadOnlyStream
{
    public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        inner.ReadAsync(buffer, cancellationToken);
}
