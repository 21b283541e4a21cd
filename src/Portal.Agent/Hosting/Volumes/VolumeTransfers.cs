using System.Net.Http.Headers;
using System.Text.Json;
using Portal.Engine.Errors;

namespace Portal.Agent.Hosting.Volumes;

/// <summary>Archives of volumes between the agent that runs, and a file or pipe.</summary>
/// <param name="client">The agent.</param>
/// <param name="progress">Told the archive's bytes so far.</param>
internal sealed class VolumeTransfers(EngineClient client, Action<long> progress)
{
    /// <summary>Writes a volume's archive.</summary>
    /// <param name="volume">Which.</param>
    /// <param name="users"><c>leave</c>, <c>pause</c> or <c>stop</c>.</param>
    /// <param name="write">Writes what it is given to its end, and gives the digest.</param>
    /// <param name="cancellationToken">Stops; containers are brought back.</param>
    /// <returns>The digest of the archive.</returns>
    public async Task<string> BackupAsync(
        string volume, string users, Func<Stream, Action<long>, CancellationToken, Task<string>> write,
        CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/portal/volumes/{Uri.EscapeDataString(volume)}/backup?users={users}");
        using var answer = await client.SendAsync(request, cancellationToken).ConfigureAwait(false);
        try
        {
            var content = await answer.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            return await write(content, progress, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpIOException failure)
        {
            // Only a whole archive comes to a proper end.
            throw new EngineException(
                EngineErrorKind.Unavailable,
                $"The backup of volume {volume} broke off, so it is no whole archive; the agent's log says why.",
                failure);
        }
    }

    /// <summary>Puts an archive into a volume, which is made when there is none.</summary>
    public async Task<VolumeRestoreReport> RestoreAsync(
        string volume, Stream archive, bool replaces, bool stops, string digest, CancellationToken cancellationToken)
    {
        var exists = await ExistsAsync(volume, cancellationToken).ConfigureAwait(false);
        var query = $"create={(exists ? 0 : 1)}&replace={(replaces ? 1 : 0)}&users={(stops ? "stop" : "leave")}"
            + $"&digest={Uri.EscapeDataString(digest)}";
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/portal/volumes/{Uri.EscapeDataString(volume)}/restore?{query}")
        {
            Content = new CopiedContent(archive, progress),
        };

        // A refusal comes before the archive is sent.
        request.Headers.ExpectContinue = true;
        request.Headers.TransferEncodingChunked = true;
        using var answer = await client.SendAsync(request, cancellationToken).ConfigureAwait(false);
        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false));
        var told = document.RootElement;
        return new VolumeRestoreReport(
            !exists, told.GetProperty("Entries").GetInt64(), told.GetProperty("Bytes").GetInt64(), told.GetProperty("Digest").GetString()!);
    }

    private async Task<bool> ExistsAsync(string volume, CancellationToken cancellationToken)
    {
        try
        {
            using var found = await client.GetAsync($"/volumes/{Uri.EscapeDataString(volume)}", cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (EngineException failure) when (failure.Kind == EngineErrorKind.NotFound)
        {
            return false;
        }
    }

    private sealed class CopiedContent : HttpContent
    {
        private readonly Stream _from;
        private readonly Action<long> _progress;

        public CopiedContent(Stream from, Action<long> progress)
        {
            (_from, _progress) = (from, progress);
            Headers.ContentType = new MediaTypeHeaderValue("application/zstd");
        }

        protected override Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override Task SerializeToStreamAsync(
            Stream stream, System.Net.TransportContext? context, CancellationToken cancellationToken) =>
            ArchiveFile.CopyAsync(_from, stream, _progress, cancellationToken);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
