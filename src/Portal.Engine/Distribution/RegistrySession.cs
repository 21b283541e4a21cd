using System.Net;
using System.Net.Http.Headers;
using Portal.Engine.Distribution.Logins;
using Portal.Engine.Errors;
using Portal.Engine.Hosting;
using Portal.Engine.Images;

namespace Portal.Engine.Distribution;

/// <summary>
/// One repository of one registry, for one pull or push (distribution-spec, "Pulling" and "Pushing"). Answers the registry's challenges,
/// anonymously or with credentials, and uses what it gets with that registry alone. Any thread.
/// </summary>
internal sealed class RegistrySession : IDisposable
{
    private const int MaxAttempts = 3;
    private readonly Uri _endpoint;
    private readonly RegistryHttp _http;
    private readonly RegistryTokens _tokens;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile AuthenticationHeaderValue? _authorization;

    public RegistrySession(
        Uri endpoint, ImageReference reference, RegistryHttp http, EngineOptions options, RegistryCredentials? credentials = null,
        string rights = "pull")
    {
        _endpoint = endpoint;
        _http = http;
        Reference = reference;
        _tokens = new RegistryTokens(endpoint, reference.Domain, credentials, http, options);
        _tokens.Ask($"repository:{reference.Path}:{rights}");
    }

    /// <summary>What the session is about, for messages.</summary>
    public ImageReference Reference { get; }

    public Uri ManifestAddress(string tagOrDigest) => new(_endpoint, $"v2/{Reference.Path}/manifests/{tagOrDigest}");

    public Uri BlobAddress(string digest) => new(_endpoint, $"v2/{Reference.Path}/blobs/{digest}");

    public Uri UploadAddress(string query = "") => new(_endpoint, $"v2/{Reference.Path}/blobs/uploads/{query}");

    /// <summary>Where an answer leads to, which may be another host: that gets no credentials.</summary>
    public Uri Follow(Uri from, Uri? location) => _http.CheckRedirect(from, location);

    /// <summary>A GET with the session's token. The answer's status is success.</summary>
    /// <exception cref="TransientRegistryException">A failure that may pass.</exception>
    /// <exception cref="EngineException">A failure that will not.</exception>
    public async Task<HttpResponseMessage> GetAsync(
        Uri address, Action<HttpRequestHeaders> configure, string what, CancellationToken cancellationToken)
    {
        return Check(await FetchAsync(HttpMethod.Get, address, configure, what, cancellationToken).ConfigureAwait(false), what);
    }

    /// <summary>True when the registry has it in this repository.</summary>
    public async Task<bool> HasAsync(Uri address, string what, CancellationToken cancellationToken)
    {
        using var response = await FetchAsync(HttpMethod.Head, address, _ => { }, what, cancellationToken).ConfigureAwait(false);
        return response.StatusCode != HttpStatusCode.NotFound && Check(response, what).IsSuccessStatusCode;
    }

    /// <summary>
    /// Sends a request that changes something; redirects are not followed. Any answer but a wish for a login is returned.
    /// </summary>
    /// <param name="make">Makes the request anew for each attempt.</param>
    /// <param name="what">What it is about, for messages.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> make, string what, CancellationToken cancellationToken)
    {
        return RepeatAsync(SendOnceAsync, what, cancellationToken);

        async Task<HttpResponseMessage> SendOnceAsync(AuthenticationHeaderValue? authorization)
        {
            using var request = make();
            request.Headers.Authorization = RegistryHttp.IsSameOrigin(_endpoint, request.RequestUri!) ? authorization : null;
            return await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Does without rights to another repository, of which blobs were to be mounted.</summary>
    public async Task DropAsync(string repository, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        _tokens.Drop($"repository:{repository}:");
        _gate.Release();
    }

    /// <summary>The failure that an answer stands for.</summary>
    public Exception Explain(HttpResponseMessage response, string what) => response.StatusCode == HttpStatusCode.Unauthorized
        ? _tokens.NeedsLogin(what)
        : RegistryFailure.Explain(response, Reference.Domain, what);

    public void Dispose() => _gate.Dispose();

    private Task<HttpResponseMessage> FetchAsync(
        HttpMethod method, Uri address, Action<HttpRequestHeaders> configure, string what, CancellationToken cancellationToken)
    {
        return RepeatAsync(
            authorization => _http.FetchAsync(method, address, configure, authorization, cancellationToken), what, cancellationToken);
    }

    private HttpResponseMessage Check(HttpResponseMessage response, string what)
    {
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw Explain(response, what);
        }
    }

    private async Task<HttpResponseMessage> RepeatAsync(
        Func<AuthenticationHeaderValue?, Task<HttpResponseMessage>> send, string what, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var authorization = _authorization;
            var response = await send(authorization).ConfigureAwait(false);

            // A token may have expired meanwhile, or be for less than this needs: two tries for a new one.
            if (response.StatusCode != HttpStatusCode.Unauthorized || attempt == MaxAttempts)
            {
                return response;
            }

            using (response)
            {
                await RenewAsync(response, authorization, what, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task RenewAsync(
        HttpResponseMessage response, AuthenticationHeaderValue? refused, string what, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Another layer may have got a token already while this one waited: one request serves all.
            if (ReferenceEquals(_authorization, refused))
            {
                _authorization = await _tokens.GetAsync(response, refused, what, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _gate.Release();
        }
    }
}
