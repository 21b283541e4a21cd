using System.Security.Cryptography;
using Portal.Engine.Errors;
using Portal.Engine.Hosting;
using Portal.Engine.Storage;

namespace Portal.Engine.Builds.Remotes;

/// <summary>Downloads files by HTTP for <c>ADD</c> and remote contexts.</summary>
internal sealed class RemoteFiles(EngineOptions options) : IDisposable
{
    private const int BufferSize = 128 * 1024;
    private const int MaxRedirects = 10;

    // No cookies and no credentials of the engine's: what is fetched is fetched for whoever builds.
    private readonly HttpClient _client = new(
        new SocketsHttpHandler { UseCookies = false, MaxAutomaticRedirections = MaxRedirects, ConnectTimeout = TimeSpan.FromSeconds(30) })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Writes what an address has to a new file.</summary>
    /// <exception cref="EngineException">NotFound: the server does not have it. Unavailable: it can't be reached, or broke off.</exception>
    public async Task<RemoteFile> DownloadAsync(string source, string path, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _client
                .GetAsync(RemoteAddress.Parse(source), HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
            {
                throw EngineException.NotFound($"failed to GET {RemoteAddress.ForPeople(source)} with status {(int)response.StatusCode}");
            }

            var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            await using (body.ConfigureAwait(false))
            {
                var (size, hash) = await WriteAsync(body, path, cancellationToken).ConfigureAwait(false);
                return new RemoteFile(size, hash, response.Content.Headers.LastModified);
            }
        }
        catch (Exception failure)
        {
            File.Delete(path);
            throw failure switch
            {
                IOException full when DiskErrors.IsFull(full) => DiskErrors.Full("Downloading for a build", full),
                HttpRequestException or IOException => new EngineException(
                    EngineErrorKind.Unavailable, $"Downloading {RemoteAddress.ForPeople(source)} failed: {failure.Message}", failure),
                _ => failure,
            };
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<(long Size, string Hash)> WriteAsync(Stream body, string path, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferSize];
        long size = 0;
        var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        await using (file.ConfigureAwait(false))
        {
            int read;
            while ((read = await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                size += read;
                if (size > options.LayerLimits.MaxBytes)
                {
                    throw EngineException.InvalidArgument(
                        $"The file is over {options.LayerLimits.MaxBytes} bytes long, the most that is allowed.");
                }

                hash.AppendData(buffer.AsSpan(0, read));
                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            }
        }

        return (size, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
