using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Http.Headers;
using Portal.Engine.Distribution.Connections;
using Portal.Engine.Distribution.Logins;
using Portal.Engine.Errors;
using Portal.Engine.Hosting;

namespace Portal.Engine.Distribution;

/// <summary>
/// A registry, for one piece of work. Answers its challenges, anonymously or with credentials, and uses what it gets with that registry
/// alone. Any thread; layers that several pulls want may use the one of a pull that was given up.
/// </summary>
[SuppressMessage(
    "Design", "CA1001", Justification = "Who is last to use it is not known, and a semaphore without a wait handle holds nothing.")]
internal class RegistryChannel
{
    private const int MaxAttempts = 3;
    private readonly RegistryHttp _http;
    private readonly RegistryTokens _tokens;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile AuthenticationHeaderValue? _authorization;

    /// <param name="endpoint">The registry, or a mirror of it.</param>
    /// <param name="http">Whosever.</param>
    /// <param name="options">The engine's.</param>
    /// <param name="credentials">Who asks, or null.</param>
    /// <param name="scope">The right that is asked for (distribution, "Token scope"), such as <c>registry:catalog:*</c>.</param>
    public RegistryChannel(
        RegistryEndpoint endpoint, RegistryHttp http, EngineOptions options, RegistryCredentials? credentials, string scope)
    {
        Address = endpoint.Address;
        _http = http.For(endpoint.Domain);
        Registry = endpoint.Domain;

        // What somebody proves to a registry is no business of its mirrors.
        var login = endpoint.IsMirror ? endpoint.Login : credentials ?? endpoint.Login;
        _tokens = new RegistryTokens(Address, endpoint.Domain, login, _http, options);
        _tokens.Ask(scope);
    }

    /// <summary>Its base address, ending in a slash.</summary>
    public Uri Address { get; }

    /// <summary>Who answers: the registry, or a mirror of it.</summary>
    public string Registry { get; }

    /// <summary>Where an answer leads to, which may be another host: that gets no credentials.</summary>
    public Uri Follow(Uri from, Uri? location) => _http.CheckRedirect(from, location);

    /// <summary>A GET with the channel's token. The answer's status is success.</summary>
    /// <exception cref="TransientRegistryException">A failure that may pass.</exception>
    /// <exception cref="EngineException">A failure that will not.</exception>
    public async Task<HttpResponseMessage> GetAsync(
        Uri address, Action<HttpRequestHeaders> configure, string what, CancellationToken cancellationToken)
    {
        return Check(await FetchAsync(HttpMethod.Get, address, configure, what, cancellationToken).ConfigureAwait(false), what);
    }

    /// <summary>A HEAD with the channel's token. The answer's status is success.</summary>
    /// <exception cref="TransientRegistryException">A failure that may pass.</exception>
    /// <exception cref="EngineException">A failure that will not.</exception>
    public async Task<HttpResponseMessage> HeadAsync(
        Uri address, Action<HttpRequestHeaders> configure, string what, CancellationToken cancellationToken)
    {
        return Check(await FetchAsync(HttpMethod.Head, address, configure, what, cancellationToken).ConfigureAwait(false), what);
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
            request.Headers.Authorization = RegistryHttp.IsSameOrigin(Address, request.RequestUri!) ? authorization : null;
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
        : RegistryFailure.Explain(response, Registry, what);

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
