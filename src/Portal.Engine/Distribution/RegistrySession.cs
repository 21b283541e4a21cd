using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Portal.Engine.Errors;
using Portal.Engine.Hosting;
using Portal.Engine.Images;

namespace Portal.Engine.Distribution;

/// <summary>
/// One repository of one registry, for one pull (distribution-spec, "Pulling"). Gets an anonymous token when the registry asks for one and
/// uses it with that registry alone. Any thread.
/// </summary>
internal sealed class RegistrySession(
    Uri endpoint, ImageReference reference, RegistryHttp http, EngineOptions options)
{
    private const int MaxTokenBytes = 256 * 1024;
    private readonly Lock _gate = new();
    private Task<AuthenticationHeaderValue>? _renewal;
    private volatile AuthenticationHeaderValue? _authorization;

    /// <summary>What the session is about, for messages.</summary>
    public ImageReference Reference => reference;

    public Uri ManifestAddress(string tagOrDigest) => new(endpoint, $"v2/{reference.Path}/manifests/{tagOrDigest}");

    public Uri BlobAddress(string digest) => new(endpoint, $"v2/{reference.Path}/blobs/{digest}");

    /// <summary>A GET with the session's token. The answer's status is success.</summary>
    /// <exception cref="TransientRegistryException">A failure that may pass.</exception>
    /// <exception cref="EngineException">A failure that will not.</exception>
    public async Task<HttpResponseMessage> GetAsync(
        Uri address, Action<HttpRequestHeaders> configure, string what, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            var authorization = _authorization;
            var response = await http.GetAsync(address, configure, authorization, cancellationToken).ConfigureAwait(false);
            if (response.IsSuccessStatusCode)
            {
                return response;
            }

            using (response)
            {
                // A token may have expired meanwhile: two tries for a new one.
                if (response.StatusCode != HttpStatusCode.Unauthorized || attempt == 2)
                {
                    throw Explain(response, what);
                }

                await RenewTokenAsync(response, authorization, what, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task RenewTokenAsync(
        HttpResponseMessage response, AuthenticationHeaderValue? refused, string what, CancellationToken cancellationToken)
    {
        var challenge = BearerChallenge.Find(response.Headers) ?? throw NeedsLogin(what);
        Task<AuthenticationHeaderValue> renewal;
        lock (_gate)
        {
            // Another layer of the same pull may have got a token already, or may be about to: one request serves all.
            if (!ReferenceEquals(_authorization, refused))
            {
                return;
            }

            if (_renewal is null || _renewal.IsCompleted)
            {
                _renewal = GetTokenAsync(challenge, what, CancellationToken.None);
            }

            renewal = _renewal;
        }

        _authorization = await renewal.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<AuthenticationHeaderValue> GetTokenAsync(BearerChallenge challenge, string what, CancellationToken cancellationToken)
    {
        var realm = challenge.Realm;
        var isAllowed = realm.Scheme == Uri.UriSchemeHttps
            || (realm.Scheme == Uri.UriSchemeHttp && endpoint.Scheme == Uri.UriSchemeHttp
                && RegistryEndpoints.MayBeInsecure(options, realm));
        if (!isAllowed)
        {
            throw EngineException.InvalidArgument(
                $"The registry {reference.Domain} wants a token from {realm.Scheme}://{realm.Authority}, which is not allowed: no TLS.");
        }

        var scope = challenge.Scope ?? $"repository:{reference.Path}:pull";
        var service = challenge.Service is null ? "" : $"service={Uri.EscapeDataString(challenge.Service)}&";
        var address = new UriBuilder(realm) { Query = $"{service}scope={Uri.EscapeDataString(scope)}" }.Uri;
        using var response = await http.GetAsync(address, _ => { }, null, cancellationToken).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
        {
            throw response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
                ? NeedsLogin(what)
                : Explain(response, $"a token for {what}");
        }

        var body = await http.ReadBodyAsync(response, MaxTokenBytes, "The registry's token", cancellationToken).ConfigureAwait(false);
        return new AuthenticationHeaderValue("Bearer", ReadToken(body));
    }

    private string ReadToken(byte[] body)
    {
        try
        {
            var answer = JsonSerializer.Deserialize(body, TokenJson.Default.TokenResponse);
            var token = string.IsNullOrEmpty(answer?.Token) ? answer?.AccessToken : answer.Token;
            if (!string.IsNullOrEmpty(token) && !token.Any(char.IsControl))
            {
                return token;
            }
        }
        catch (JsonException failure)
        {
            throw new EngineException(
                EngineErrorKind.InvalidArgument, $"The token server of {reference.Domain} answers something that is no token.", failure);
        }

        throw EngineException.InvalidArgument($"The token server of {reference.Domain} answers something that is no token.");
    }

    private EngineException NeedsLogin(string what)
    {
        return new EngineException(
            EngineErrorKind.Unauthenticated,
            $"The registry {reference.Domain} does not give out {what} without login: it is private or does not exist.");
    }

    private Exception Explain(HttpResponseMessage response, string what)
    {
        var status = (int)response.StatusCode;
        return status switch
        {
            404 => EngineException.NotFound($"The registry {reference.Domain} has no {what}."),
            401 => NeedsLogin(what),
            403 => new EngineException(EngineErrorKind.Forbidden, $"The registry {reference.Domain} forbids to read {what}."),
            408 or 425 or 429 or >= 500 => new TransientRegistryException(
                status == 429 ? "the registry asks to come less often" : $"the registry answers {status}", GetRetryAfter(response)),
            _ => EngineException.InvalidArgument(
                $"The registry {reference.Domain} answers {status} to the request for {what}. Is it a registry?"),
        };
    }

    private static TimeSpan? GetRetryAfter(HttpResponseMessage response)
    {
        var header = response.Headers.RetryAfter;
        return header?.Delta ?? (header?.Date - response.Headers.Date);
    }
}
