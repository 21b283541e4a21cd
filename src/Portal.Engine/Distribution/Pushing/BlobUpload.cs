using System.Globalization;
using System.Net;
using Portal.Engine.Content;
using Portal.Engine.Errors;
using Portal.Engine.Images.Formats;

namespace Portal.Engine.Distribution.Pushing;

/// <summary>
/// Brings one blob into a repository (distribution-spec, "Pushing blobs"): nothing to do when it is there, a mount when the registry has it
/// elsewhere, or else an upload in chunks that goes on where it broke off. One per upload.
/// </summary>
internal sealed class BlobUpload(RegistrySession session, ContentStore content, Descriptor blob, RegistryRetry retry)
{
    private const long ChunkSize = 32 << 20;
    private Uri? _location;
    private long _offset;
    private bool _isUnsure;

    private string What => $"the content {blob.Digest} of '{session.Reference.Familiar}'";

    /// <param name="mountable">Repositories of the same registry that may have it.</param>
    /// <param name="onSent">Told how many bytes are sent.</param>
    /// <param name="onRetry">Told before each pause.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Empty when the blob was there, the repository that it was mounted from, or null when it was uploaded.</returns>
    public async Task<string?> RunAsync(
        IReadOnlyList<string> mountable, Action<long> onSent, Action<string> onRetry, CancellationToken cancellationToken)
    {
        if (await retry.RunAsync(
            What, _ => session.HasAsync(session.BlobAddress(blob.Digest!), What, cancellationToken), onRetry, cancellationToken)
                .ConfigureAwait(false))
        {
            return "";
        }

        foreach (var repository in mountable)
        {
            if (await retry.RunAsync(What, _ => TryMountAsync(repository, cancellationToken), onRetry, cancellationToken)
                .ConfigureAwait(false))
            {
                return repository;
            }
        }

        var stream = content.OpenRead(blob.ParseDigest("a blob"));
        await using (stream.ConfigureAwait(false))
        {
            await retry.RunAsync(What, onProgress => UploadAsync(stream, onProgress, onSent, cancellationToken), onRetry, cancellationToken)
                .ConfigureAwait(false);
        }

        return null;
    }

    private async Task<bool> TryMountAsync(string repository, CancellationToken cancellationToken)
    {
        var address = session.UploadAddress($"?mount={Uri.EscapeDataString(blob.Digest!)}&from={Uri.EscapeDataString(repository)}");
        try
        {
            using var response = await session.SendAsync(() => new HttpRequestMessage(HttpMethod.Post, address), What, cancellationToken)
                .ConfigureAwait(false);
            if (response.StatusCode == HttpStatusCode.Accepted)
            {
                // Not to be had from there: the registry has begun an upload instead, which the next steps can use.
                _location = session.Follow(address, response.Headers.Location);
            }

            return response.StatusCode == HttpStatusCode.Created;
        }
        catch (EngineException failure) when (failure.Kind is EngineErrorKind.Unauthenticated or EngineErrorKind.Forbidden)
        {
            // No right to that repository is no reason not to upload to this one.
            await session.DropAsync(repository, cancellationToken).ConfigureAwait(false);
            return false;
        }
    }

    private async Task<bool> UploadAsync(Stream stream, Action onProgress, Action<long> onSent, CancellationToken cancellationToken)
    {
        await ResumeAsync(cancellationToken).ConfigureAwait(false);
        _isUnsure = true;
        while (_offset < blob.Size)
        {
            await SendChunkAsync(stream, onSent, cancellationToken).ConfigureAwait(false);
            onProgress();
        }

        var target = _location!;
        var separator = target.Query.Length == 0 ? "?" : "&";
        var address = new Uri($"{target.AbsoluteUri}{separator}digest={Uri.EscapeDataString(blob.Digest!)}");
        using var response = await session.SendAsync(() => Empty(HttpMethod.Put, address), What, cancellationToken).ConfigureAwait(false);
        return response.StatusCode == HttpStatusCode.Created ? true : throw Fail(response);
    }

    /// <summary>Begins an upload, or asks how far the one is that broke off.</summary>
    private async Task ResumeAsync(CancellationToken cancellationToken)
    {
        if (_location is { } known && _isUnsure)
        {
            using var status = await session.SendAsync(() => new HttpRequestMessage(HttpMethod.Get, known), What, cancellationToken)
                .ConfigureAwait(false);
            _location = status.StatusCode == HttpStatusCode.NoContent
                ? session.Follow(known, status.Headers.Location ?? known)
                : null;
            _offset = _location is null ? 0 : EndOf(status) ?? 0;
        }

        if (_location is null)
        {
            _offset = 0;
            var address = session.UploadAddress();
            using var response = await session.SendAsync(() => Empty(HttpMethod.Post, address), What, cancellationToken)
                .ConfigureAwait(false);
            _location = response.StatusCode == HttpStatusCode.Accepted
                ? session.Follow(address, response.Headers.Location)
                : throw session.Explain(response, What);
        }
    }

    private async Task SendChunkAsync(Stream stream, Action<long> onSent, CancellationToken cancellationToken)
    {
        var target = _location!;
        var length = Math.Min(ChunkSize, blob.Size - _offset);
        using var response = await session.SendAsync(
            () => new HttpRequestMessage(HttpMethod.Patch, target) { Content = new UploadContent(stream, _offset, length, onSent) },
            What,
            cancellationToken).ConfigureAwait(false);
        if (response.StatusCode is not (HttpStatusCode.Accepted or HttpStatusCode.NoContent))
        {
            throw Fail(response);
        }

        _location = session.Follow(target, response.Headers.Location ?? target);
        var end = EndOf(response) ?? _offset + length;
        _offset = end > _offset && end <= blob.Size
            ? end
            : throw EngineException.InvalidArgument(
                $"The registry {session.Registry} says that it has {end} of {blob.Size} bytes "
                + $"after it was sent {_offset + length}.");
    }

    /// <summary>An upload that is gone, or stands elsewhere than thought, is begun anew or gone on with.</summary>
    private Exception Fail(HttpResponseMessage response)
    {
        return response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.RequestedRangeNotSatisfiable
            ? new TransientRegistryException("the registry lost the upload")
            : session.Explain(response, What);
    }

    /// <summary>How many bytes the registry has, as <c>Range: 0-END</c> says.</summary>
    private static long? EndOf(HttpResponseMessage response)
    {
        var text = response.Headers.TryGetValues("Range", out var values) ? values.First() : null;
        text = text?.StartsWith("bytes=", StringComparison.Ordinal) == true ? text[6..] : text;

        // A registry that has nothing yet says 0-0, as one does that has a byte: sending that byte again is refused, and then asked again.
        return text?.StartsWith("0-", StringComparison.Ordinal) == true
            && long.TryParse(text.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var last)
                ? (last == 0 ? 0 : last + 1)
                : null;
    }

    private static HttpRequestMessage Empty(HttpMethod method, Uri address) => new(method, address) { Content = new ByteArrayContent([]) };
}
