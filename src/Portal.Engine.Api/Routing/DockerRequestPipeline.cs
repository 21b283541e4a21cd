using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Logging;
using Portal.Engine.Api.Streams;
using Portal.Engine.Errors;
using Portal.Engine.Storage;

namespace Portal.Engine.Api.Routing;

/// <summary>What every request of Docker's API passes through: headers, version, bounds, the end of the client, errors.</summary>
internal sealed partial class DockerRequestPipeline(ILogger<DockerRequestPipeline> logger)
{
    /// <summary>What a JSON body may hold. Real ones stay below 100 KiB.</summary>
    private const long MaxJsonBytes = 4 * 1024 * 1024;

    public RequestDelegate Wrap(DockerRoute route, RequestDelegate handler)
    {
        return context => InvokeAsync(route, handler, context);
    }

    private async Task InvokeAsync(DockerRoute route, RequestDelegate handler, HttpContext context)
    {
        // A process that serves other things on other listeners must not offer the engine there by the way.
        var connection = context.Features.Get<DockerConnection>();
        if (connection is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        DockerHeaders.Write(context.Response);
        if (BrowserGuard.FindProblem(context.Request, connection) is { } refusal)
        {
            await DockerErrors.WriteAsync(context, StatusCodes.Status403Forbidden, refusal).ConfigureAwait(false);
            return;
        }

        if (FindVersionProblem(context) is { } problem)
        {
            await DockerErrors.WriteAsync(context, StatusCodes.Status400BadRequest, problem).ConfigureAwait(false);
            return;
        }

        SetBounds(context, route);
        if (route.Body == DockerRouteBody.Hijack)
        {
            await RunAsync(handler, context).ConfigureAwait(false);
            return;
        }

        // Kestrel is not told when the client ends its side, because hijacked connections go on then; everything else does not.
        using var aborted = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, connection.PeerClosed);
        context.RequestAborted = aborted.Token;
        await RunAsync(handler, context).ConfigureAwait(false);
    }

    private async Task RunAsync(RequestDelegate handler, HttpContext context)
    {
        try
        {
            await handler(context).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            LogGone(context.Request.Method, context.Request.Path);
        }
        catch (Exception failure)
        {
            await AnswerAsync(context, failure).ConfigureAwait(false);
        }
    }

    private async Task AnswerAsync(HttpContext context, Exception failure)
    {
        var (status, message) = Describe(failure);
        if (status >= StatusCodes.Status500InternalServerError)
        {
            LogFailed(context.Request.Method, context.Request.Path, failure);
        }

        if (context.Response.HasStarted || context.Features.Get<DockerConnection>()!.IsHijacked)
        {
            // Too late for a status; a cut connection is the one sign left that the answer is not whole.
            LogBroken(context.Request.Method, context.Request.Path, failure);
            context.Abort();
            return;
        }

        context.Response.Clear();
        DockerHeaders.Write(context.Response);
        await DockerErrors.WriteAsync(context, status, message).ConfigureAwait(false);
    }

    private static (int Status, string Message) Describe(Exception failure) => failure switch
    {
        EngineException engine => (DockerErrors.StatusOf(engine.Kind), engine.Message),
        BadHttpRequestException bad => (bad.StatusCode, bad.Message),
        JsonException json => (StatusCodes.Status400BadRequest, $"invalid JSON: {json.Message}"),
        _ when DiskErrors.IsFull(failure) => (StatusCodes.Status503ServiceUnavailable, DiskErrors.Advice),
        _ => (StatusCodes.Status500InternalServerError, "The engine failed in an unexpected way; its log tells more."),
    };

    private static string? FindVersionProblem(HttpContext context)
    {
        if (context.Request.RouteValues["version"] is not string text || !ApiVersion.TryParse(text, out var version))
        {
            return null;
        }

        if (version > ApiVersion.Newest)
        {
            return $"client version {version} is too new. Maximum supported API version is {ApiVersion.Newest}";
        }

        return version < ApiVersion.Oldest
            ? $"client version {version} is too old. Minimum supported API version is {ApiVersion.Oldest}, "
                + "please upgrade your client to a newer version"
            : null;
    }

    private static void SetBounds(HttpContext context, DockerRoute route)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = route.Body == DockerRouteBody.Stream ? null : MaxJsonBytes;
        }

        // Archives may come from a slow disk or pipe, and a follower of logs may read slowly: neither is an attack on a local socket.
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } requestRate)
        {
            requestRate.MinDataRate = null;
        }

        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } responseRate)
        {
            responseRate.MinDataRate = null;
        }
    }
}
