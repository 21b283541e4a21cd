using System.Net.Http.Headers;
using System.Net.Sockets;
using Portal.Engine.Distribution.Pushing;
using Portal.Engine.Errors;
using Portal.Engine.Hosting;

namespace Portal.Engine.Distribution.Connections;

/// <summary>
/// Sends requests to registries. Redirects are followed by hand: credentials stay with the host that asked for them, and a redirect never
/// leads from TLS to plain HTTP, nor in the clear to a host that is not allowed to.
/// </summary>
/// <param name="connections">The connections.</param>
/// <param name="options">The engine's.</param>
/// <param name="policy">How patient it is.</param>
/// <param name="domain">On whose behalf; see <see cref="For"/>.</param>
internal sealed class RegistryHttp(RegistryConnections connections, EngineOptions options, RegistryPolicy policy, string domain = "")
{
    private const int MaxRedirects = 5;

    /// <summary>The same on behalf of a registry, with its certificates.</summary>
    public RegistryHttp For(string registry) => new(connections, options, policy, registry);

    /// <summary>One request as it is, without redirects; the body is not read yet.</summary>
    public Task<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        connections.For(domain, request.RequestUri!).SendAsync(request, cancellationToken);

    /// <summary>Whether a host's certificate was accepted the last time that it showed one; null when it showed none.</summary>
    public bool? IsTrusted(Uri address) => connections.For(domain, address).IsTrusted(address.IdnHost);

    /// <summary>A GET that follows redirects; see <see cref="FetchAsync"/>.</summary>
    public Task<HttpResponseMessage> GetAsync(
        Uri address, Action<HttpRequestHeaders> configure, AuthenticationHeaderValue? authorization, CancellationToken cancellationToken) =>
        FetchAsync(HttpMethod.Get, address, configure, authorization, cancellationToken);

    /// <summary>A GET or HEAD that follows redirects.</summary>
    /// <param name="method">GET or HEAD.</param>
    /// <param name="address">Where to.</param>
    /// <param name="configure">Sets headers other than credentials.</param>
    /// <param name="authorization">Credentials for the host of <paramref name="address"/> alone.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="TransientRegistryException">The connection failed in a way that may pass.</exception>
    /// <exception cref="EngineException">Unavailable: it can't be reached. InvalidArgument: a redirect that may not be
    /// followed.</exception>
    public async Task<HttpResponseMessage> FetchAsync(
        HttpMethod method, Uri address, Action<HttpRequestHeaders> configure, AuthenticationHeaderValue? authorization,
        CancellationToken cancellationToken)
    {
        var target = address;
        for (var redirects = 0; ; redirects++)
        {
            using var request = new HttpRequestMessage(method, target);
            configure(request.Headers);
            request.Headers.Authorization = IsSameOrigin(address, target) ? authorization : null;
            var response = await SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (!IsRedirect(response))
            {
                return response;
            }

            using (response)
            {
                target = redirects < MaxRedirects
                    ? CheckRedirect(target, response.Headers.Location)
                    : throw Refuse(address, $"redirects over {MaxRedirects} times");
            }
        }
    }

    /// <summary>Reads a body up to a bound.</summary>
    public async Task<byte[]> ReadBodyAsync(HttpResponseMessage response, int maxBytes, string what, CancellationToken cancellationToken)
    {
        using var deadline = new IdleDeadline(policy.IdleTimeout, cancellationToken);
        try
        {
            var stream = await response.Content.ReadAsStreamAsync(deadline.Token).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                using var body = new MemoryStream();
                var buffer = new byte[32 * 1024];
                int read;
                while ((read = await stream.ReadAsync(buffer, deadline.Token).ConfigureAwait(false)) > 0)
                {
                    deadline.Extend();
                    body.Write(buffer, 0, read);
                    if (body.Length > maxBytes)
                    {
                        throw EngineException.InvalidArgument($"{what} is over {maxBytes} bytes long, the most that is allowed.");
                    }
                }

                return body.ToArray();
            }
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException)
        {
            throw new TransientRegistryException("the connection broke", cause: failure);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TransientRegistryException($"nothing came for {policy.IdleTimeout.TotalSeconds:0.#} s");
        }
    }

    /// <summary>One request without redirects. What it uploads may take its time as long as it moves on.</summary>
    /// <exception cref="TransientRegistryException">The connection failed in a way that may pass.</exception>
    /// <exception cref="EngineException">Unavailable: it can't be reached.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var deadline = new IdleDeadline(policy.IdleTimeout, cancellationToken);
        if (request.Content is UploadContent upload)
        {
            upload.OnMoved = deadline.Extend;
        }

        try
        {
            return await SendOnceAsync(request, deadline.Token).ConfigureAwait(false);
        }
        catch (HttpRequestException failure) when (IsLasting(failure))
        {
            throw new EngineException(
                EngineErrorKind.Unavailable,
                $"The registry at {request.RequestUri!.Authority} can't be reached: {Describe(request.RequestUri, failure)}",
                failure);
        }
        catch (HttpRequestException failure)
        {
            throw new TransientRegistryException("the connection failed", cause: failure);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TransientRegistryException($"no answer came within {policy.IdleTimeout.TotalSeconds:0.#} s");
        }
    }

    /// <summary>Where a redirect leads to, when it may be followed.</summary>
    /// <exception cref="EngineException">InvalidArgument: it may not.</exception>
    public Uri CheckRedirect(Uri from, Uri? location)
    {
        var target = location is null ? throw Refuse(from, "redirects to nowhere") : new Uri(from, location);
        var isAllowed = target.Scheme == Uri.UriSchemeHttps
            || (target.Scheme == Uri.UriSchemeHttp && from.Scheme == Uri.UriSchemeHttp
                && RegistryEndpoints.MayBeInsecure(options, target));
        return isAllowed && target.UserInfo.Length == 0
            ? target
            : throw Refuse(from, $"redirects to {target.Scheme}://{target.Authority}, which is not allowed from there");
    }

    public static bool IsSameOrigin(Uri one, Uri other) => one.Scheme == other.Scheme && one.Authority == other.Authority;

    private static bool IsRedirect(HttpResponseMessage response) =>
        (int)response.StatusCode is 301 or 302 or 303 or 307 or 308;

    private static EngineException Refuse(Uri address, string reason) =>
        EngineException.InvalidArgument($"The registry at {address.Authority} {reason}. It is no registry, or it is set up wrongly.");

    private static bool IsLasting(HttpRequestException failure)
    {
        return failure.HttpRequestError is HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError
            || failure.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused };
    }

    private string Describe(Uri address, HttpRequestException failure) => failure.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => "its name does not resolve. Check the name and your network.",
        HttpRequestError.SecureConnectionError when IsTrusted(address) == false =>
            "its certificate is not one that this host trusts for that name. If it has an authority of its own, put that into "
            + $"/etc/docker/certs.d/{address.Authority}/ca.crt.",
        HttpRequestError.SecureConnectionError => "no TLS connection could be made.",
        _ => "it refuses connections. Check its name and your network.",
    };
}
