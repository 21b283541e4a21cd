using System.Globalization;
using System.Net;

namespace Portal.Web.Backups.S3;

/// <summary>
/// Objects of one bucket: put, read, listed, removed. Requests that a storage or the network failed are made again a few times;
/// those that it refused are not.
/// </summary>
/// <remarks>One for each use; the HTTP client is its own.</remarks>
internal sealed partial class S3Client(S3Bucket bucket, S3Credentials credentials, HttpClient http, TimeProvider time) : IDisposable
{
    private const int Attempts = 4;
    private const int MostPages = 100;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan s_answer = TimeSpan.FromMinutes(5);

    public void Dispose() => http.Dispose();

    /// <summary>Puts an object in one request.</summary>
    public async Task PutAsync(string key, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        using var _ = await SendAsync(HttpMethod.Put, key, "", body, "to write", cancellationToken);
    }

    /// <summary>Opens an object.</summary>
    /// <exception cref="S3Exception">There is none.</exception>
    public async Task<Stream> OpenAsync(string key, CancellationToken cancellationToken)
    {
        var response = await SendAsync(HttpMethod.Get, key, "", default, $"to read '{key}'", cancellationToken);
        return new S3Download(response, await response.Content.ReadAsStreamAsync(cancellationToken));
    }

    /// <summary>How many bytes an object has; null where there is none.</summary>
    public async Task<long?> SizeAsync(string key, CancellationToken cancellationToken)
    {
        var found = await ListAsync(key, cancellationToken);
        return found.Where(item => item.Key == key).Select(item => (long?)item.Bytes).FirstOrDefault();
    }

    /// <summary>Removes an object; one that is not there is removed already.</summary>
    public async Task RemoveAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            using var _ = await SendAsync(HttpMethod.Delete, key, "", default, "to remove", cancellationToken);
        }
        catch (S3Exception missing) when (missing.Code == "NoSuchKey")
        {
            // Gone is gone.
        }
    }

    /// <summary>Objects whose names begin so, in the order of their names.</summary>
    /// <exception cref="S3Exception">There are more than anybody's backups, or the storage says so again and again.</exception>
    public async Task<IReadOnlyList<(string Key, long Bytes)>> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        var found = new List<(string, long)>();
        var token = "";
        for (var page = 0; page < MostPages; page++)
        {
            List<(string, string)> query = [("list-type", "2"), ("max-keys", "1000"), ("prefix", prefix)];
            if (token.Length > 0)
            {
                query.Add(("continuation-token", token));
            }

            using var response = await SendAsync(
                HttpMethod.Get, "", S3Bucket.QueryOf([.. query]), default, "to list", cancellationToken);
            var answer = await S3Answers.ReadAsync(response, cancellationToken);
            foreach (var item in answer.Elements().Where(element => element.Name.LocalName == "Contents"))
            {
                var isNumber = long.TryParse(
                    S3Answers.TextOf(item, "Size"), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes);
                found.Add((S3Answers.TextOf(item, "Key"), isNumber ? bytes : 0));
            }

            token = S3Answers.TextOf(answer, "NextContinuationToken");
            if (S3Answers.TextOf(answer, "IsTruncated") != "true" || token.Length == 0)
            {
                return found;
            }
        }

        throw new S3Exception(N("There are too many objects of that name. Give backups a prefix of their own."));
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string key, string query, ReadOnlyMemory<byte> body, string what, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var response = await SendOnceAsync(method, key, query, body, cancellationToken);
                if (response.IsSuccessStatusCode)
                {
                    return response;
                }

                using (response)
                {
                    if (attempt == Attempts || !IsPassing(response.StatusCode))
                    {
                        throw await S3Answers.RefusalAsync(response, what, cancellationToken);
                    }
                }
            }
            catch (Exception failure) when (IsBroken(failure, cancellationToken))
            {
                if (attempt == Attempts)
                {
                    throw new S3Exception(E("The storage at {0:name} can't be asked {1}: {2:said}", bucket.Endpoint.Authority, what, Reason(failure)), failure);
                }
            }

            // So that many who wait don't come back together.
            var pause = s_pause * Math.Pow(2, attempt - 1) * (0.5 + Random.Shared.NextDouble());
            await Task.Delay(pause, time, cancellationToken);
        }
    }

    private async Task<HttpResponseMessage> SendOnceAsync(
        HttpMethod method, string key, string query, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, bucket.AddressOf(key, query));
        var hasBody = method == HttpMethod.Put || method == HttpMethod.Post;
        S3Signature.Sign(
            request, hasBody ? S3Signature.HashOf(body.Span) : S3Signature.NoBody, bucket.Region, credentials, time.GetUtcNow());
        if (hasBody)
        {
            request.Content = new ReadOnlyMemoryContent(body);
        }

        using var most = new CancellationTokenSource(s_answer, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(most.Token, cancellationToken);
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
    }

    private static bool IsPassing(HttpStatusCode status) =>
        status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout || (int)status >= 500;

    private static bool IsBroken(Exception failure, CancellationToken cancellationToken) =>
        failure is HttpRequestException || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private static string Reason(Exception failure) =>
        failure is OperationCanceledException ? N("it does not answer.") : (failure.InnerException ?? failure).Message;
}
