using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Portal.Engine.Distribution;
using Portal.Engine.Distribution.Connections;
using Portal.Engine.Errors;
using Portal.Engine.Images.Installing;

namespace Portal.Engine.Images.Importing;

/// <summary>Fetches archives from addresses that users name. Thread-safe.</summary>
/// <remarks>
/// Redirects are followed by hand: never from HTTPS to HTTP, and from a public address never to one of an inside network, which the user
/// did not name and a server outside has no business to reach through this host. What counts is the address that is connected to,
/// not the name. Credentials of the address are for its own host alone. Where a proxy leads out, the proxy connects, and it may be the only
/// one who can resolve names: then what this host can resolve is refused by the same rule, and the rest is the proxy's own to refuse.
/// </remarks>
internal sealed class ArchiveDownload(RegistryPolicy policy, IWebProxy? proxy = null, Func<IPAddress, bool>? isInside = null) : IDisposable
{
    private const int MaxRedirects = 10;
    private static readonly HttpRequestOptionsKey<Hop> s_hop = new("hop");
    private readonly Func<IPAddress, bool> _isInside = isInside ?? InsideAddresses.Contain;
    private HttpMessageInvoker? _client;

    /// <summary>The address that a user's text means, with HTTP where it names no scheme.</summary>
    /// <exception cref="EngineException">InvalidArgument: no address.</exception>
    public static Uri Parse(string source)
    {
        var text = source.Contains("://", StringComparison.Ordinal) ? source : "http://" + source;
        return text.Length <= 8192 && Uri.TryCreate(text, UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps) && address.Host.Length > 0
            ? address
            : throw EngineException.InvalidArgument($"'{Short(source)}' is no http or https address.");
    }

    /// <summary>The address without what is secret in it.</summary>
    public static string Show(Uri address) => Short(address.GetComponents(UriComponents.HttpRequestUrl, UriFormat.UriEscaped));

    /// <summary>Opens an archive; its bytes come as they are read. Disposing the stream ends the connection.</summary>
    /// <exception cref="EngineException">NotFound, Unauthenticated, Unavailable, InvalidArgument: by what the server answered.</exception>
    public async Task<Stream> OpenAsync(Uri address, Action<long, long?> onRead, CancellationToken cancellationToken)
    {
        var hop = new Hop();
        var next = address;
        for (var redirects = 0; ; redirects++)
        {
            var response = await SendAsync(next, address, hop, cancellationToken).ConfigureAwait(false);
            try
            {
                if (FindRedirect(response, next) is not { } target)
                {
                    return await ReadAsync(response, next, onRead, cancellationToken).ConfigureAwait(false);
                }

                if (redirects == MaxRedirects)
                {
                    throw Fail(address, EngineErrorKind.Unavailable, $"it was redirected over {MaxRedirects} times");
                }

                next = target;
                hop.IsRedirected = true;
                response.Dispose();
            }
            catch
            {
                response.Dispose();
                throw;
            }
        }
    }

    public void Dispose() => _client?.Dispose();

    private async Task<HttpResponseMessage> SendAsync(Uri address, Uri first, Hop hop, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Options.Set(s_hop, hop);
        hop.IsProxied = proxy is not null && !proxy.IsBypassed(address);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Portal", null));
        if (first.UserInfo.Length > 0 && (address.Host, address.Port, address.Scheme) == (first.Host, first.Port, first.Scheme))
        {
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(first.UserInfo))));
        }

        using var deadline = new IdleDeadline(policy.IdleTimeout, cancellationToken);
        try
        {
            if (hop.IsProxied)
            {
                Check(hop, address.IdnHost, await TryResolveAsync(address.IdnHost, deadline.Token).ConfigureAwait(false));
            }

            return await Client().SendAsync(request, deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw Fail(address, EngineErrorKind.Unavailable, "the server does not answer", failure);
        }
        catch (HttpRequestException failure) when (failure.InnerException is EngineException refusal)
        {
            throw new EngineException(refusal.Kind, refusal.Message, failure);
        }
        catch (HttpRequestException failure)
        {
            throw Fail(address, EngineErrorKind.Unavailable, "the server can't be reached", failure);
        }
    }

    private static Uri? FindRedirect(HttpResponseMessage response, Uri address)
    {
        if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308))
        {
            return null;
        }

        var target = response.Headers.Location is { } location ? new Uri(address, location) : null;
        if (target is null || (target.Scheme != Uri.UriSchemeHttp && target.Scheme != Uri.UriSchemeHttps))
        {
            throw Fail(address, EngineErrorKind.Unavailable, "it was redirected to something that is no http or https address");
        }

        return address.Scheme == Uri.UriSchemeHttps && target.Scheme == Uri.UriSchemeHttp
            ? throw Fail(address, EngineErrorKind.Unavailable, "it was redirected from HTTPS to plain HTTP, which is not followed")
            : target;
    }

    private async Task<Stream> ReadAsync(
        HttpResponseMessage response, Uri address, Action<long, long?> onRead, CancellationToken cancellationToken)
    {
        var kind = response.StatusCode switch
        {
            HttpStatusCode.OK => (EngineErrorKind?)null,
            HttpStatusCode.NotFound or HttpStatusCode.Gone => EngineErrorKind.NotFound,
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => EngineErrorKind.Unauthenticated,
            _ => EngineErrorKind.Unavailable,
        };
        if (kind is { } failed)
        {
            throw Fail(address, failed, $"the server answered {(int)response.StatusCode}");
        }

        var length = response.Content.Headers.ContentLength;
        var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        return new CountingStream(
            new DownloadedStream(response, body, policy.IdleTimeout, failure => Fail(
                address, EngineErrorKind.Unavailable, "the connection broke off, or nothing came any more", failure)),
            read => onRead(read, length));
    }

    private HttpMessageInvoker Client()
    {
        return LazyInitializer.EnsureInitialized(ref _client, () => new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = proxy is not null,
            Proxy = proxy,
            ConnectTimeout = policy.ProbeTimeout,
            MaxResponseHeadersLength = 64,

            // A connection is for one hop: the next one's rules may be others.
            PooledConnectionLifetime = TimeSpan.Zero,
            ConnectCallback = ConnectAsync,
        }));
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var hop = context.InitialRequestMessage.Options.TryGetValue(s_hop, out var found) ? found : new Hop();
        var host = context.DnsEndPoint.Host;
        var addresses = await Dns.GetHostAddressesAsync(host, cancellationToken).ConfigureAwait(false);
        if (!hop.IsProxied)
        {
            Check(hop, host, addresses);
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<IPAddress[]> TryResolveAsync(string host, CancellationToken cancellationToken)
    {
        try
        {
            return await Dns.GetHostAddressesAsync(host, cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException)
        {
            return [];
        }
    }

    private void Check(Hop hop, string host, IPAddress[] addresses)
    {
        if (hop is { IsRedirected: true, IsInside: false } && addresses.Any(_isInside))
        {
            throw new EngineException(
                EngineErrorKind.Forbidden, $"Importing failed: a server redirected to '{host}', which is inside of a private network.");
        }

        hop.IsInside |= !hop.IsRedirected && addresses.Any(_isInside);
    }

    private static EngineException Fail(Uri address, EngineErrorKind kind, string why, Exception? cause = null) =>
        new(kind, $"Importing from '{Show(address)}' failed: {why}.", cause);

    private static string Short(string text) => text.Length > 200 ? text[..200] + "..." : text;

    /// <summary>Where a download has been.</summary>
    private sealed class Hop
    {
        public bool IsRedirected { get; set; }

        /// <summary>True when the user named an address of an inside network.</summary>
        public bool IsInside { get; set; }

        /// <summary>True while the request goes through a proxy: the connection is to that then.</summary>
        public bool IsProxied { get; set; }
    }
}
