using System.Net;
using System.Net.Http.Headers;

namespace Portal.Engine.Distribution.Pushing;

/// <summary>A part of a blob as the body of a request.</summary>
internal sealed class UploadContent : HttpContent
{
    private const int BufferSize = 128 * 1024;
    private readonly Stream _blob;
    private readonly long _offset;
    private readonly long _length;
    private readonly Action<long> _onSent;

    /// <param name="blob">Can seek; stays the caller's.</param>
    /// <param name="offset">Where the part begins.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="onSent">Told how far the blob is sent.</param>
    public UploadContent(Stream blob, long offset, long length, Action<long> onSent)
    {
        _blob = blob;
        _offset = offset;
        _length = length;
        _onSent = onSent;
        Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        if (length > 0)
        {
            Headers.TryAddWithoutValidation("Content-Range", $"{offset}-{offset + length - 1}");
        }
    }

    /// <summary>Called whenever bytes moved on.</summary>
    public Action OnMoved { get; set; } = () => { };

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _blob.Position = _offset;
        var buffer = new byte[BufferSize];
        for (var sent = 0L; sent < _length;)
        {
            var part = buffer.AsMemory(0, (int)Math.Min(buffer.Length, _length - sent));
            await _blob.ReadExactlyAsync(part, cancellationToken).ConfigureAwait(false);
            await stream.WriteAsync(part, cancellationToken).ConfigureAwait(false);
            sent += part.Length;
            OnMoved();
            _onSent(_offset + sent);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _length;
        return true;
    }
}
