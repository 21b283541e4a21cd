using System.Net;
using System.Net.Http.Headers;
using Portal.Engine.Distribution.Connections;
using Portal.Engine.Errors;
using Portal.Engine.Images.Formats;

namespace Portal.Engine.Distribution;

/// <summary>Downloads one blob front to back into a sink, going on where it broke off. One per download.</summary>
internal sealed class BlobDownload(RegistrySession session, Descriptor blob, RegistryPolicy policy, RegistryRetry retry)
{
    private readonly byte[] _buffer = new byte[128 * 1024];
    private long _offset;

    /// <summary>Feeds all bytes to the sink, each once and in order. The caller checks the digest.</summary>
    /// <exception cref="EngineException">The registry sends other than it promised, or is not available.</exception>
    public Task RunAsync(
        Func<ReadOnlyMemory<byte>, ValueTask> sink, Action<string> onRetry, CancellationToken cancellationToken)
    {
        return retry.RunAsync(
            What,
            async onProgress =>
            {
                await ContinueAsync(sink, onProgress, cancellationToken).ConfigureAwait(false);
                return true;
            },
            onRetry,
            cancellationToken);
    }

    private string What => $"the content {blob.Digest} of '{session.Reference.Familiar}'";

    private async Task ContinueAsync(
        Func<ReadOnlyMemory<byte>, ValueTask> sink, Action onProgress, CancellationToken cancellationToken)
    {
        if (_offset == blob.Size && _offset > 0)
        {
            return;
        }

        using var response = await session.GetAsync(session.BlobAddress(blob.Digest!), SetRange, What, cancellationToken)
            .ConfigureAwait(false);
        var skip = CheckLengths(response);
        using var deadline = new IdleDeadline(policy.IdleTimeout, cancellationToken);
        try
        {
            var stream = await response.Content.ReadAsStreamAsync(deadline.Token).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                await CopyAsync(stream, skip, sink, onProgress, deadline, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception failure) when (failure is HttpRequestException or HttpIOException)
        {
            throw new TransientRegistryException("the connection broke", cause: failure);
        }
        catch (OperationCanceledException) when (deadline.Token.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TransientRegistryException($"nothing came for {policy.IdleTimeout.TotalSeconds:0.#} s");
        }
    }

    private async Task CopyAsync(
        Stream stream, long skip, Func<ReadOnlyMemory<byte>, ValueTask> sink, Action onProgress, IdleDeadline deadline,
        CancellationToken cancellationToken)
    {
        int read;
        while ((read = await ReadAsync(stream, deadline).ConfigureAwait(false)) > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var known = (int)Math.Min(skip, read);
            skip -= known;
            if (_offset + read - known > blob.Size)
            {
                throw Lies("sends more bytes than its manifest says");
            }

            if (read > known)
            {
                // Unpacking may be slower than the network: that is no silence of the registry.
                deadline.Suspend();
                await sink(_buffer.AsMemory(known..read)).ConfigureAwait(false);
                _offset += read - known;
                onProgress();
            }

            deadline.Extend();
        }

        if (_offset < blob.Size)
        {
            throw new TransientRegistryException($"the registry ended after {_offset} of {blob.Size} bytes");
        }
    }

    private async ValueTask<int> ReadAsync(Stream stream, IdleDeadline deadline)
    {
        try
        {
            return await stream.ReadAsync(_buffer, deadline.Token).ConfigureAwait(false);
        }
        catch (IOException failure)
        {
            throw new TransientRegistryException("the connection broke", cause: failure);
        }
    }

    private void SetRange(HttpRequestHeaders headers)
    {
        if (_offset > 0)
        {
            headers.Range = new RangeHeaderValue(_offset, null);
        }
    }

    /// <returns>How many bytes of the body are known already, because the registry did not go on but began again.</returns>
    private long CheckLengths(HttpResponseMessage response)
    {
        var isPart = response.StatusCode == HttpStatusCode.PartialContent;
        if (isPart && response.Content.Headers.ContentRange?.From != _offset)
        {
            throw Lies("sends another part than it was asked for");
        }

        var expected = isPart ? blob.Size - _offset : blob.Size;
        var actual = response.Content.Headers.ContentLength ?? expected;
        return actual == expected
            ? (isPart ? 0 : _offset)
            : throw Lies($"announces {actual} bytes where its manifest says {expected}");
    }

    private EngineException Lies(string how) =>
        EngineException.InvalidArgument($"The registry {session.Registry} {how}: {What} is damaged there.");
}
