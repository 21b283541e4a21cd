using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.Features;
using Portal.Contracts.Link;

namespace Portal.Web.Nodes.Portals;

/// <summary>
/// Passes on what an agent asks of another portal of the database, which it can't reach by itself: one origin stands for all of them. The
/// agent proves itself to that portal, which asks as if it had answered itself; this one adds nothing and is believed nothing.
/// </summary>
/// <remarks>Where a request goes is in the database, never in the request: that names a portal by its id. It is passed on once.</remarks>
internal sealed partial class PortalRelay(PortalRoster roster, IHostApplicationLifetime lifetime, ILogger<PortalRelay> logger)
{
    private const int CopyBuffer = 8 * 1024;
    private const int LongestMessage = 16 * 1024;
    private static readonly TimeSpan s_answer = TimeSpan.FromSeconds(4);
    private static readonly string[] s_paths =
        [LinkProtocol.ChallengePath, LinkProtocol.KeyPath, LinkProtocol.ReversePath, LinkProtocol.TelemetryPath];

    private static readonly string[] s_requestHeaders =
        ["Authorization", "Sec-WebSocket-Key", "Sec-WebSocket-Version", "Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions"];

    private static readonly string[] s_answerHeaders = ["Sec-WebSocket-Accept", "Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions"];

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (!s_paths.Contains(context.Request.Path.Value, StringComparer.Ordinal)
            || !context.Request.Query.TryGetValue(LinkProtocol.PortalQuery, out var named))
        {
            await next(context);
            return;
        }

        if (!Guid.TryParseExact(named.ToString(), "D", out var id))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
        }
        else if (id == roster.Self)
        {
            await next(context);
        }
        else if (context.Request.Headers.ContainsKey(LinkProtocol.PassedOnHeader)
            || await roster.FindAsync(id, context.RequestAborted) is not { } portal)
        {
            context.Response.StatusCode = LinkProtocol.PortalGoneStatus;
        }
        else
        {
            await PassOnAsync(context, portal);
        }
    }

    private async Task PassOnAsync(HttpContext context, PortalPeer portal)
    {
        using var client = new HttpMessageInvoker(MakeHandler(portal));
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        using var answerSoon = CancellationTokenSource.CreateLinkedTokenSource(ending.Token);
        answerSoon.CancelAfter(s_answer);
        try
        {
            using var request = await MakeRequestAsync(context, portal, answerSoon.Token);
            using var answer = await client.SendAsync(request, answerSoon.Token);
            if (answer.StatusCode == HttpStatusCode.SwitchingProtocols)
            {
                answerSoon.CancelAfter(Timeout.InfiniteTimeSpan);
                await JoinAsync(context, answer, ending.Token);
                return;
            }

            context.Response.StatusCode = (int)answer.StatusCode;
            context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
            await context.Response.Body.WriteAsync(await ReadAsync(answer, answerSoon.Token), ending.Token);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or OperationCanceledException)
        {
            if (!ending.IsCancellationRequested)
            {
                LogUnreachable(portal.Name, portal.Address, failure);
            }

            if (!context.Response.HasStarted)
            {
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            }
        }
    }

    private static async Task<HttpRequestMessage> MakeRequestAsync(
        HttpContext context, PortalPeer portal, CancellationToken cancellationToken)
    {
        var target = new Uri($"{portal.Address.AbsoluteUri.TrimEnd('/')}{context.Request.Path}{context.Request.QueryString}");
        var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), target)
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Host = context.Request.Host.Value;
        request.Headers.Add(LinkProtocol.PassedOnHeader, "1");
        foreach (var name in s_requestHeaders)
        {
            if (context.Request.Headers.TryGetValue(name, out var values))
            {
                request.Headers.TryAddWithoutValidation(name, values.ToArray());
            }
        }

        if (context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true })
        {
            request.Headers.Add("Connection", "Upgrade");
            request.Headers.Add("Upgrade", "websocket");
        }
        else if (HttpMethods.IsPost(context.Request.Method))
        {
            using var body = new MemoryStream();
            await CopyAsync(context.Request.Body, body, cancellationToken);
            request.Content = new ByteArrayContent(body.ToArray());
            request.Content.Headers.TryAddWithoutValidation("Content-Type", context.Request.ContentType ?? "application/json");
        }

        return request;
    }

    /// <summary>From here on bytes, both ways, until one side is over; then both are.</summary>
    private static async Task JoinAsync(HttpContext context, HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        foreach (var name in s_answerHeaders)
        {
            if (answer.Headers.TryGetValues(name, out var values))
            {
                context.Response.Headers[name] = values.ToArray();
            }
        }

        context.Response.Headers.Upgrade = "websocket";
        await using var portal = await answer.Content.ReadAsStreamAsync(cancellationToken);
        await using var agent = await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var both = new[]
        {
            agent.CopyToAsync(portal, CopyBuffer, over.Token),
            portal.CopyToAsync(agent, CopyBuffer, over.Token),
        };
        await Task.WhenAny(both);
        await over.CancelAsync();

        // Whoever of the two waits for more must not be held up by the other's farewell.
        context.Abort();
        await Task.WhenAll(both).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static async Task<byte[]> ReadAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        await CopyAsync(await answer.Content.ReadAsStreamAsync(cancellationToken), body, cancellationToken);
        return body.ToArray();
    }

    // A message of the link has a few hundred bytes.
    private static async Task CopyAsync(Stream from, MemoryStream into, CancellationToken cancellationToken)
    {
        var buffer = new byte[4096];
        int read;
        while ((read = await from.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (into.Length + read > LongestMessage)
            {
                throw new IOException($"A message of the link is longer than {LongestMessage} bytes.");
            }

            into.Write(buffer, 0, read);
        }
    }

    private static SocketsHttpHandler MakeHandler(PortalPeer portal)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = TimeSpan.FromSeconds(2),
            MaxResponseHeadersLength = 16,
        };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) =>
            shown is not null && portal.Fingerprint is { } pin
            && CryptographicOperations.FixedTimeEquals(SHA256.HashData(shown.GetRawCertData()), pin);
        return handler;
    }

    [LoggerMessage(
        2193,
        LogLevel.Warning,
        "The portal on '{Name}' can't be reached at {Address}, so nodes can't link to it through this one. "
        + "If it runs, set its PORTAL_PEER_ADDRESS to where the other portals reach it.")]
    private partial void LogUnreachable(string name, Uri address, Exception failure);
}
